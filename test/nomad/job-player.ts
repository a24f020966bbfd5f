import { randomUUID } from "node:crypto";
import type { NomadCatalog } from "../../src/simulator/nomad/catalog.ts";
import type { DeploymentDefinition } from "../../src/simulator/nomad/rows/deployment.ts";
import type { JobSpec } from "./cluster.ts";
import { type PlayedAllocation, placeAllocation } from "./played-allocation.ts";

/** One job over its versions: what servers decide of it. */
export interface JobPlayer {
  run(spec: JobSpec): Promise<void>;
  promote(): void;
  scale(count: number): Promise<void>;
  stop(): void;
  /** Its allocations are told to leave, and leave. Resolves when they have; at once for a system job. */
  migrate(): Promise<void>;
  /** Places what the job wants and has not, of its latest version, even where that one has failed: a real Nomad goes back. */
  placeMissing(): Promise<void>;
  /** Ends every task, without a word to the catalog. */
  end(): Promise<void>;
}

const UPDATED = "alloc is being updated due to job update";
const SUCCESS = "Deployment completed successfully";
const FAILURE = "Failed due to unhealthy allocations";
const NOT_NEEDED = "alloc not needed due to job update";

export function createJobPlayer(catalog: NomadCatalog, id: string): JobPlayer {
  let spec: JobSpec = { id, answer: "", tags: [], count: 0 };
  let version = -1;
  let live: readonly PlayedAllocation[] = [];
  let promotion = Promise.withResolvers<void>();
  let isEnded = false;
  /** What goes on: updates and the ends of allocations. */
  const busy = new Set<Promise<unknown>>();

  function goOn(work: Promise<unknown>): void {
    const tracked = work.finally(() => busy.delete(tracked));
    busy.add(tracked);
  }

  function register(more: { readonly Stop?: boolean } = {}): void {
    const { count = 1, canaries = 0, shutdownDelayMs = 0, tags } = spec;
    const group = { Count: count, Canary: canaries, ShutdownDelayMs: shutdownDelayMs };
    catalog.registerJob({ ID: id, Version: version, ...group, Services: [{ Name: id, Tags: tags }], ...more });
  }

  async function place(index: number, deployment: string, isCanary = false): Promise<PlayedAllocation> {
    const placed = await placeAllocation(catalog, { spec, version, index, deployment, isCanary });
    live = [...live, placed];
    if (isEnded) await placed.kill();
    return placed;
  }

  function leave(leaving: readonly PlayedAllocation[], why: string): Promise<unknown> {
    live = live.filter((one) => !leaving.includes(one));
    const ends = Promise.all(leaving.map((one) => one.stop(why)));
    goOn(ends);
    return ends;
  }

  function missingIndexes(): readonly number[] {
    return indexes(0, spec.count ?? 1).filter((index) => !live.some((one) => one.index === index));
  }

  /** More of the same version, in a deployment of their own. */
  async function grow(missing: readonly number[]): Promise<void> {
    const { count = 1 } = spec;
    const definition = { ID: randomUUID(), JobID: id, JobVersion: version, DesiredTotal: count, DesiredCanaries: 0 };
    await placeAll(missing, beginDeployment(catalog, definition));
  }

  /** All at once, for which the deployment waits. */
  async function placeAll(all: readonly number[], deployment: PlayedDeployment): Promise<void> {
    const placed = await Promise.all(all.map((index) => place(index, deployment.ID)));
    deployment.placed(placed, false);
    if (await deployment.areHealthy(placed)) deployment.ended("successful", SUCCESS);
    else deployment.ended("failed", FAILURE);
  }

  /** Replaces what was there before by the present version: all at once where there is nothing, else one after the other. */
  async function update(): Promise<void> {
    const { count = 1, canaries = 0 } = spec;
    const old = live;
    const deployment = beginDeployment(catalog, {
      ...{ ID: randomUUID(), JobID: id, JobVersion: version, DesiredTotal: count },
      ...{ DesiredCanaries: old.length === 0 ? 0 : canaries },
    });
    const tried = deployment.DesiredCanaries === 0 ? [] : indexes(0, canaries);
    const [first, rest] = tried.length > 0 ? [tried, indexes(canaries, count)] : [[], indexes(0, count)];
    if (first.length > 0) {
      const placed = await Promise.all(first.map((index) => place(index, deployment.ID, true)));
      deployment.placed(placed, true);
      if (!(await deployment.areHealthy(placed))) {
        deployment.ended("failed", FAILURE);
        void leave(placed, NOT_NEEDED);
        return;
      }
      await promotion.promise;
      promotion = Promise.withResolvers();
      deployment.promoted();
      for (const canary of placed) canary.promoted();
      void leave(
        old.filter(({ index }) => first.includes(index)),
        NOT_NEEDED,
      );
    }
    if (old.length === 0) return placeAll(rest, deployment);
    for (const index of rest) {
      const placing = place(index, deployment.ID);
      void leave(
        old.filter((one) => one.index === index),
        UPDATED,
      );
      const placed = [await placing];
      deployment.placed(placed, false);
      if (await deployment.areHealthy(placed)) continue;
      deployment.ended("failed", FAILURE);
      return;
    }
    void leave(
      old.filter(({ index }) => index >= count),
      NOT_NEEDED,
    );
    deployment.ended("successful", SUCCESS);
  }

  return {
    async run(next) {
      spec = next;
      version += 1;
      register();
      if (spec.isSystem === true) await place(0, "");
      else goOn(update());
    },
    promote: () => promotion.resolve(),
    async scale(count) {
      spec = { ...spec, count };
      version += 1;
      register();
      void leave(
        live.filter(({ index }) => index >= count),
        NOT_NEEDED,
      );
      const missing = missingIndexes();
      if (missing.length > 0) goOn(grow(missing));
    },
    stop() {
      version += 1;
      register({ Stop: true });
      void leave(live, "alloc not needed as job is stopped");
    },
    async migrate() {
      if (spec.isSystem === true) return;
      for (const one of live) one.migrating();
      await leave(live, "alloc is being migrated");
    },
    async placeMissing() {
      await Promise.all(missingIndexes().map((index) => place(index, "")));
    },
    async end() {
      isEnded = true;
      promotion.resolve();
      await Promise.all(live.map((one) => one.kill()));
      await Promise.all(busy);
    },
  };
}

function indexes(from: number, to: number): readonly number[] {
  return Array.from({ length: Math.max(0, to - from) }, (_, i) => from + i);
}

interface PlayedDeployment {
  readonly ID: string;
  readonly DesiredCanaries: number;
  placed(allocations: readonly PlayedAllocation[], areCanaries: boolean): void;
  /** Counts each that becomes healthy, or not. */
  areHealthy(allocations: readonly PlayedAllocation[]): Promise<boolean>;
  promoted(): void;
  ended(status: string, description: string): void;
}

function beginDeployment(
  catalog: NomadCatalog,
  definition: DeploymentDefinition & { readonly DesiredCanaries: number },
): PlayedDeployment {
  let present: Required<Pick<DeploymentDefinition, "PlacedAllocs" | "HealthyAllocs" | "UnhealthyAllocs">> &
    DeploymentDefinition = { ...definition, PlacedAllocs: 0, HealthyAllocs: 0, UnhealthyAllocs: 0 };

  function put(changes: Partial<typeof present>): void {
    present = { ...present, ...changes };
    catalog.putDeployment(present);
  }

  put({});
  return {
    ID: definition.ID,
    DesiredCanaries: definition.DesiredCanaries,
    placed(allocations, areCanaries) {
      const PlacedCanaries = areCanaries ? allocations.map(({ id }) => id) : (present.PlacedCanaries ?? []);
      put({ PlacedAllocs: present.PlacedAllocs + allocations.length, PlacedCanaries });
    },
    async areHealthy(allocations) {
      const outcomes = allocations.map(async ({ outcome }) => {
        const isHealthy = (await outcome) === "healthy";
        put(
          isHealthy ? { HealthyAllocs: present.HealthyAllocs + 1 } : { UnhealthyAllocs: present.UnhealthyAllocs + 1 },
        );
        return isHealthy;
      });
      return (await Promise.all(outcomes)).every((isHealthy) => isHealthy);
    },
    promoted: () => put({ Promoted: true }),
    ended: (Status, StatusDescription) => put({ Status, StatusDescription }),
  };
}
