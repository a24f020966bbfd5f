import type { NomadCatalog } from "../../src/simulator/nomad/catalog.ts";
import type { JobSpec } from "./cluster.ts";
import { type PlayedAllocation, playAllocation } from "./played-allocation.ts";
import { createDeployment, type PlayedDeployment } from "./played-deployment.ts";
import { createTask } from "./task.ts";

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
    const { count = 1, canaries = 0, shutdownDelayMs = 0, tags, service = id, hasCheck = true } = spec;
    const group = { Count: count, Canary: canaries, ShutdownDelayMs: shutdownDelayMs };
    const Services = [{ Name: service, Tags: tags, Checks: hasCheck ? ["alive"] : [] }];
    catalog.registerJob({ ID: id, Version: version, ...group, Services, ...more });
  }

  /** Places allocations of the present version, and lets those leave whose place they take: one plan. */
  async function plan(places: readonly number[], how: PlanOptions = {}): Promise<readonly PlayedAllocation[]> {
    const { deployment, isCanary = false, leaving = [] } = how;
    const { answer, health = 200 } = spec;
    const tasks = await Promise.all(places.map(() => createTask(answer, health)));
    let placed: readonly PlayedAllocation[] = [];
    catalog.together(() => {
      placed = places.map((index, i) => {
        const placement = { spec, version, index, isCanary, deployment: deployment?.ID ?? "" };
        return playAllocation(catalog, placement, tasks[i]!);
      });
      live = [...live, ...placed];
      deployment?.placed(placed, isCanary);
      leave(leaving, UPDATED);
    });
    if (isEnded) await Promise.all(placed.map((one) => one.kill()));
    return placed;
  }

  /** Those that are told to leave are told at once; they go on leaving. */
  function leave(leaving: readonly PlayedAllocation[], why: string): void {
    live = live.filter((one) => !leaving.includes(one));
    goOn(Promise.all(leaving.map((one) => one.stop(why))));
  }

  function missingIndexes(): readonly number[] {
    return indexes(0, spec.count ?? 1).filter((index) => !live.some((one) => one.index === index));
  }

  function createPresentDeployment(DesiredCanaries = 0): PlayedDeployment {
    const { count = 1 } = spec;
    return createDeployment(catalog, { JobID: id, JobVersion: version, DesiredTotal: count, DesiredCanaries });
  }

  /** All at once, for which the deployment waits. */
  async function grow(places: readonly number[], deployment: PlayedDeployment): Promise<void> {
    if (await deployment.areHealthy(await plan(places, { deployment }))) deployment.succeeded();
    else deployment.failed();
  }

  /** Replaces what was there before by the present version: all at once where there is nothing, else one after the other. */
  async function update(): Promise<void> {
    const { count = 1, canaries = 0 } = spec;
    const old = live;
    if (old.length === 0) return grow(indexes(0, count), createPresentDeployment());
    const tried = Math.min(canaries, count);
    const deployment = createPresentDeployment(tried);
    if (tried > 0) {
      const placed = await plan(indexes(0, tried), { deployment, isCanary: true });
      if (!(await deployment.areHealthy(placed))) {
        deployment.failed();
        leave(placed, NOT_NEEDED);
        return;
      }
      await promotion.promise;
      promotion = Promise.withResolvers();
      catalog.together(() => {
        deployment.promoted();
        for (const canary of placed) canary.promoted();
      });
    }
    let replaced = old.filter(({ index }) => index < tried);
    for (const place of indexes(tried, count)) {
      const leaving = [...replaced, ...old.filter(({ index }) => index === place)];
      replaced = [];
      if (await deployment.areHealthy(await plan([place], { deployment, leaving }))) continue;
      deployment.failed();
      return;
    }
    catalog.together(() => {
      leave([...replaced, ...old.filter(({ index }) => index >= count)], NOT_NEEDED);
      deployment.succeeded();
    });
  }

  return {
    async run(next) {
      spec = next;
      version += 1;
      register();
      if (spec.isSystem === true) await plan([0]);
      else goOn(update());
    },
    promote: () => promotion.resolve(),
    async scale(count) {
      spec = { ...spec, count };
      version += 1;
      register();
      const surplus = live.filter(({ index }) => index >= count);
      catalog.together(() => leave(surplus, NOT_NEEDED));
      const missing = missingIndexes();
      if (missing.length > 0) goOn(grow(missing, createPresentDeployment()));
    },
    stop() {
      version += 1;
      register({ Stop: true });
      catalog.together(() => leave(live, "alloc not needed as job is stopped"));
    },
    async migrate() {
      if (spec.isSystem === true) return;
      const leaving = live;
      catalog.together(() => {
        for (const one of leaving) one.migrating();
      });
      live = [];
      await Promise.all(leaving.map((one) => one.stop("alloc is being migrated")));
    },
    async placeMissing() {
      await plan(missingIndexes());
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

interface PlanOptions {
  /** In which the allocations are. Default: none. */
  readonly deployment?: PlayedDeployment;
  readonly isCanary?: boolean;
  readonly leaving?: readonly PlayedAllocation[];
}
