import type { JobSpec, NomadCluster } from "./cluster.ts";
import { askCluster } from "./questions.ts";
import { TASK_PROGRAM } from "./task.ts";

const NANOSECONDS_PER_MS = 1_000_000;

/**
 * A real Nomad at an address, `TEST_NOMAD_ADDR`, with a token, `TEST_NOMAD_TOKEN`, where it has ACLs. Its client must run on this
 * machine with the driver raw_exec and give ports of the loopback interface, as `nomad agent -dev -bind 127.0.0.1
 * -network-interface lo` does: the tasks are Node programs on it. All jobs are purged at the end. Its agent cannot be
 * restarted by its API.
 */
export function connectRealNomad(address: string, token: string): NomadCluster {
  const { get } = askCluster({ address, token });
  const started = new Set<string>();

  async function send(method: string, path: string, body?: unknown): Promise<void> {
    const response = await fetch(address + path, {
      method,
      headers: { "X-Nomad-Token": token, Connection: "close" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
  }

  async function setDrain(body: object): Promise<void> {
    const nodes = (await get("/v1/nodes")).body as { readonly ID: string }[];
    for (const { ID } of nodes) await send("PUT", `/v1/node/${ID}/drain`, body);
  }

  return {
    ...{ address, token, restartAgent: undefined },
    async run(spec) {
      started.add(spec.id);
      await send("PUT", "/v1/jobs", { Job: jobOf(spec) });
    },
    async promote(job) {
      const { ID } = (await get(`/v1/job/${job}/deployment`)).body as { readonly ID: string };
      await send("PUT", `/v1/deployment/promote/${ID}`, { DeploymentID: ID, All: true });
    },
    scale: (job, Count) => send("POST", `/v1/job/${job}/scale`, { Count, Target: { Group: "app" } }),
    stop: (job) => send("DELETE", `/v1/job/${job}`),
    drain: () => setDrain({ DrainSpec: { Deadline: 60_000 * NANOSECONDS_PER_MS, IgnoreSystemJobs: true } }),
    undrain: () => setDrain({ DrainSpec: null, MarkEligible: true }),
    async close() {
      for (const job of started) await send("DELETE", `/v1/job/${job}?purge=true`);
    },
  };
}

/** As `nomad job run` would send it. */
function jobOf(spec: JobSpec): object {
  const { id, answer, count = 1, tags, canaryTags = null, startMs = 0, shutdownDelayMs = 0, health = 200 } = spec;
  const check = { Type: "http", Name: "alive", Path: "/health", PortLabel: "http" };
  const every = { Interval: 1_000 * NANOSECONDS_PER_MS, Timeout: 1_000 * NANOSECONDS_PER_MS };
  const service = {
    Name: spec.service ?? id,
    PortLabel: "http",
    Provider: "nomad",
    Tags: tags,
    CanaryTags: canaryTags,
  };
  const update = { MaxParallel: 1, Canary: spec.canaries ?? 0, HealthCheck: "checks", AutoRevert: false };
  const times = { MinHealthyTime: 1_000, HealthyDeadline: 10_000, ProgressDeadline: 20_000 };
  return {
    ID: id,
    Name: id,
    Type: spec.isSystem === true ? "system" : "service",
    Datacenters: ["*"],
    TaskGroups: [
      {
        Name: "app",
        ...(spec.isSystem === true ? {} : { Count: count }),
        ShutdownDelay: shutdownDelayMs * NANOSECONDS_PER_MS,
        Networks: [{ DynamicPorts: [{ Label: "http" }] }],
        Services: [{ ...service, Checks: spec.hasCheck === false ? [] : [{ ...check, ...every }] }],
        ...(spec.isSystem === true ? {} : { Update: { ...update, ...nanoseconds(times) } }),
        Tasks: [
          {
            Name: "app",
            Driver: "raw_exec",
            Config: { command: process.execPath, args: ["-e", TASK_PROGRAM] },
            Env: { ANSWER: answer, HEALTH: String(health), START_MS: String(startMs) },
            Resources: { CPU: 20, MemoryMB: 64 },
          },
        ],
      },
    ],
  };
}

function nanoseconds(times: Readonly<Record<string, number>>): Readonly<Record<string, number>> {
  return Object.fromEntries(Object.entries(times).map(([name, ms]) => [name, ms * NANOSECONDS_PER_MS]));
}
