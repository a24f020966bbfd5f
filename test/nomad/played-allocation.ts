import { randomUUID } from "node:crypto";
import { systemClock } from "../../src/base/clock.ts";
import type { NomadCatalog } from "../../src/simulator/nomad/catalog.ts";
import type { JobSpec } from "./cluster.ts";
import type { Task } from "./task.ts";

/** `min_healthy_time` as in the job that was recorded; checks ten times as often as a real Nomad allows. */
const CHECK_EVERY_MS = 100;
const MIN_HEALTHY_MS = 1_000;
const HEALTHY_DEADLINE_MS = 4_000;
/** From the word of the servers until the client begins with it, and from there until the task's process runs. */
const CLIENT_MS = 10;

/** One allocation as its client runs it. */
export interface PlayedAllocation {
  readonly id: string;
  readonly index: number;
  /** Is it healthy, or can it no longer become so? Resolves once. */
  readonly outcome: Promise<"healthy" | "unhealthy">;
  /** A canary no more: it takes the tags of the others. */
  promoted(): void;
  migrating(): void;
  /**
   * The servers want it gone, from this moment on. Its client ends its registration, and after the delay its task. Resolves
   * when that has ended.
   */
  stop(why: string): Promise<void>;
  /** Ends the task without a word. */
  kill(): Promise<void>;
}

export interface Placement {
  readonly spec: JobSpec;
  readonly version: number;
  readonly index: number;
  /** Empty where the allocation is in none. */
  readonly deployment: string;
  readonly isCanary: boolean;
}

/** Places it. Its client registers its service a moment later, and its task listens when it is ready, as in Nomad. */
export function playAllocation(catalog: NomadCatalog, placement: Placement, task: Task): PlayedAllocation {
  const { spec, version, index, deployment } = placement;
  const {
    id: JobID,
    service = JobID,
    tags,
    canaryTags = tags,
    startMs = 0,
    shutdownDelayMs = 0,
    hasCheck = true,
  } = spec;
  const id = randomUUID();
  const ended = new AbortController();
  const outcome = Promise.withResolvers<"healthy" | "unhealthy">();
  let { isCanary } = placement;
  let isRegistered = false;
  let isStopped = false;

  const ServiceID = `_nomad-task-${id}-group-app-${service}-http`;
  function register(): void {
    const Tags = isCanary ? canaryTags : tags;
    catalog.register({ ServiceName: service, ID: ServiceID, AllocID: id, JobID, Port: task.port, Tags });
    isRegistered = true;
  }

  function status(Healthy: boolean | null) {
    return { DeploymentStatus: deployment === "" && Healthy === null ? null : { Canary: isCanary, Healthy } };
  }

  function settle(result: "healthy" | "unhealthy"): void {
    if (ended.signal.aborted) return;
    catalog.changeAllocation(id, status(result === "healthy"));
    outcome.resolve(result);
  }

  /** Does the task answer its check? */
  async function look(): Promise<boolean> {
    try {
      const { ok } = await fetch(`http://127.0.0.1:${task.port}/health`, { signal: AbortSignal.timeout(1_000) });
      return ok;
    } catch {
      return false;
    }
  }

  async function check(): Promise<void> {
    const startedMs = systemClock.nowMs();
    let goodSinceMs: number | undefined;
    let isSettled = false;
    while (!ended.signal.aborted) {
      const isGood = hasCheck ? await look() : true;
      if (ended.signal.aborted) return;
      const nowMs = systemClock.nowMs();
      if (hasCheck) catalog.setCheck(id, { Service: service, Status: isGood ? "success" : "failure" });
      goodSinceMs = isGood ? (goodSinceMs ?? nowMs) : undefined;
      if (!isSettled && goodSinceMs !== undefined && nowMs - goodSinceMs >= MIN_HEALTHY_MS) {
        isSettled = true;
        settle("healthy");
      } else if (!isSettled && nowMs - startedMs > HEALTHY_DEADLINE_MS) {
        isSettled = true;
        settle("unhealthy");
      }
      await systemClock.sleep(CHECK_EVERY_MS, ended.signal);
    }
  }

  async function live(): Promise<void> {
    await systemClock.sleep(CLIENT_MS, ended.signal);
    if (ended.signal.aborted || isStopped) return;
    register();
    if (hasCheck) catalog.setCheck(id, { Service: service, Status: "pending" });
    await systemClock.sleep(CLIENT_MS, ended.signal);
    if (ended.signal.aborted) return;
    catalog.changeAllocation(id, { ClientStatus: "running" });
    const checking = check();
    await systemClock.sleep(startMs, ended.signal);
    if (!ended.signal.aborted) await task.listen();
    await checking;
  }

  const Ports = [{ Label: "http", Value: task.port }];
  const placed = { ID: id, JobID, JobVersion: version, AllocIndex: index, DeploymentID: deployment, Ports };
  catalog.placeAllocation({ ...placed, ClientStatus: "pending", ...(isCanary ? status(null) : {}) });
  const living = live();

  async function kill(): Promise<void> {
    ended.abort();
    outcome.resolve("unhealthy");
    await living;
    await task.close();
  }

  return {
    ...{ id, index, outcome: outcome.promise, kill },
    promoted() {
      isCanary = false;
      catalog.changeAllocation(id, status(true));
      void systemClock.sleep(CLIENT_MS, ended.signal).then(() => {
        if (isRegistered) register();
      });
    },
    migrating: () => catalog.changeAllocation(id, { DesiredTransition: { Migrate: true } }),
    async stop(why) {
      catalog.changeAllocation(id, { DesiredStatus: "stop", DesiredDescription: why });
      isStopped = true;
      await systemClock.sleep(CLIENT_MS, ended.signal);
      if (isRegistered) catalog.deregister({ ID: ServiceID });
      isRegistered = false;
      await systemClock.sleep(shutdownDelayMs, ended.signal);
      await kill();
      catalog.changeAllocation(id, { ClientStatus: "complete" });
    },
  };
}
