import { until } from "../support/await-until.ts";
import type { NomadCluster } from "./cluster.ts";

/** What a scenario asks of a cluster, embedded or real. */
export interface Questions {
  get(path: string): Promise<{ readonly status: number; readonly index: string | null; readonly body: unknown }>;
  /** The deployment of a job's present version, when it is over: its status. */
  settled(job: string): Promise<string>;
  /** Resolves when all canaries that were placed are healthy. */
  canariesHealthy(job: string): Promise<void>;
  /** Allocations that run and are to run. */
  running(job: string): Promise<readonly ListedAllocation[]>;
  /** Where the registrations of a service are. */
  addresses(service: string): Promise<readonly string[]>;
  /** Lets the task at an address answer this at `/health` from now on. */
  setHealth(address: string, status: number): Promise<void>;
}

export interface ListedAllocation {
  readonly ID: string;
  readonly ClientStatus: string;
  readonly DesiredStatus: string;
  readonly JobVersion: number;
  readonly DeploymentStatus: { readonly Canary: boolean; readonly Healthy: boolean | null } | null;
}

interface Deployment {
  readonly Status: string;
  readonly JobVersion: number;
  readonly TaskGroups: Readonly<Record<string, { readonly DesiredCanaries: number; readonly HealthyAllocs: number }>>;
}

export function askCluster({ address, token }: Pick<NomadCluster, "address" | "token">): Questions {
  async function get(path: string) {
    const response = await fetch(address + path, { headers: { Connection: "close", "X-Nomad-Token": token } });
    const text = await response.text();
    const isJson = response.headers.get("Content-Type") === "application/json";
    const index = response.headers.get("X-Nomad-Index");
    return { status: response.status, index, body: isJson ? JSON.parse(text) : text };
  }

  async function addresses(service: string): Promise<readonly string[]> {
    const rows = (await get(`/v1/service/${service}`)).body as { Address: string; Port: number }[];
    return rows.map(({ Address, Port }) => `${Address}:${Port}`);
  }

  /** Of the job's present version; servers make it a moment after they have taken the job. */
  async function latest(job: string): Promise<Deployment | undefined> {
    const { Version } = (await get(`/v1/job/${job}`)).body as { readonly Version: number };
    const deployment = (await get(`/v1/job/${job}/deployment`)).body as Deployment | null;
    return deployment?.JobVersion === Version ? deployment : undefined;
  }

  const eventually = <T>(what: string, condition: () => Promise<T>) =>
    until(condition, { what, timeoutMs: 60_000, everyMs: 50 });

  return {
    ...{ get, addresses },
    settled: (job) =>
      eventually(`the deployment of ${job} to be over`, async () => {
        const { Status = "running" } = (await latest(job)) ?? {};
        return Status === "running" ? undefined : Status;
      }),
    async canariesHealthy(job) {
      await eventually(`healthy canaries of ${job}`, async () => {
        const groups = Object.values((await latest(job))?.TaskGroups ?? {});
        return (
          groups.length > 0 &&
          groups.every((one) => one.DesiredCanaries > 0 && one.HealthyAllocs >= one.DesiredCanaries)
        );
      });
    },
    async running(job) {
      const all = (await get(`/v1/job/${job}/allocations`)).body as ListedAllocation[];
      return all.filter(({ ClientStatus, DesiredStatus }) => ClientStatus === "running" && DesiredStatus === "run");
    },
    async setHealth(address, status) {
      await fetch(`http://${address}/health?be=${status}`, { method: "PUT" });
    },
  };
}
