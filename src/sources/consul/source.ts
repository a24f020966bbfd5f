import type { Clock } from "../../clock.ts";
import { retryDelayMs } from "../backoff.ts";
import { CatalogError } from "../catalog-error.ts";
import type { ConnectionBudget } from "../connection-budget.ts";
import { createFailingTargets, type EndedTrouble } from "../failing-targets.ts";
import { createReachability } from "../reachability.ts";
import { createSliceStore } from "../slice-store.ts";
import type { CatalogSource, SourceReporter } from "../source.ts";
import type { Consistency, ConsulClient } from "./client.ts";
import { readEverything } from "./full-read.ts";
import { chooseStrategy, isOutgrown, type StrategyChoice } from "./strategy.ts";
import type { WatchContext, WatchStart } from "./watch/watch.ts";

export interface ConsulSourceOptions {
  /** Address, datacenter, namespace and prefix: what the slice belongs to. Holds no secret. */
  readonly source: string;
  readonly client: ConsulClient;
  readonly budget: ConnectionBudget;
  readonly parallelReads: number;
  readonly clock: Clock;
  readonly reporter: SourceReporter;
  random(): number;
  isWatched(unionTags: readonly string[]): boolean;
  /** The slice is complete for the first time, or differs from before. */
  changed(): void;
}

/** Reads Consul completely, chooses a strategy by the catalog's shape, and watches until aborted. */
export function createConsulSource(options: ConsulSourceOptions): CatalogSource {
  const { client, budget, clock, random, reporter, isWatched, parallelReads } = options;
  const store = createSliceStore(options.source, options.changed);
  const reachability = createReachability(clock, random);
  const failing = createFailingTargets();
  let choice: StrategyChoice | undefined;
  let lastSuccessAtMs: number | undefined;
  let lastError: { code: string; message: string } | undefined;

  function succeeded(target: string): void {
    const nowMs = clock.nowMs();
    lastSuccessAtMs = nowMs;
    reachability.regained();
    tellEnd(failing.succeeded(target, nowMs));
  }

  function tellEnd(ended: EndedTrouble | undefined): void {
    if (ended !== undefined) reporter.recovered(ended.failures, ended.forMs);
  }

  function failed(error: CatalogError, target: string, retryInMs: number): void {
    lastError = { code: error.code, message: error.message };
    reporter.failed(error, target, retryInMs, failing.failed(target, error.code, clock.nowMs()));
  }

  async function readAll(consistency: Consistency, signal: AbortSignal): Promise<WatchStart> {
    const start = await readEverything({ client, store, parallelReads, consistency, isWatched }, signal);
    succeeded("complete read");
    store.complete(consistency === "consistent" ? "confirmed" : "read", clock.nowMs());
    return start;
  }

  /** Tries for ever: a catalog that is away is no reason to end. Undefined when aborted. */
  async function readUntilComplete(signal: AbortSignal): Promise<WatchStart | undefined> {
    for (let failures = 1; !signal.aborted; failures += 1) {
      try {
        const start = await readAll("stale", signal);
        // The queries of an earlier watch have ended with it, and what they failed to bring has been read now.
        tellEnd(failing.forget(clock.nowMs()));
        return start;
      } catch (error) {
        if (signal.aborted) return undefined;
        if (!(error instanceof CatalogError)) throw error;
        const delayMs = retryDelayMs(error, failures, random());
        failed(error, "complete read", delayMs);
        await clock.sleep(delayMs, signal);
      }
    }
    return undefined;
  }

  async function watch(start: WatchStart, signal: AbortSignal): Promise<void> {
    const shape = { services: start.serviceIndexes.size, nodes: await countNodes(start.serviceIndexes.size, signal) };
    const chosen = chooseStrategy(shape, budget.size);
    const outgrown = new AbortController();
    choice = chosen;
    reporter.strategyChosen(chosen.name, chosen.reason);
    const context: WatchContext = {
      client,
      store,
      clock,
      random,
      parallelReads,
      isWatched,
      succeeded,
      failed,
      shapeSeen(seen) {
        Object.assign(shape, seen);
        if (isOutgrown(chosen, shape, budget.size)) outgrown.abort();
      },
      failedProbe(error, target, retryInMs) {
        // Any answer, be it status 500, shows that the catalog is there; the others may fare better.
        if (error.isOutage) reachability.lost();
        else reachability.regained();
        failed(error, target, retryInMs);
      },
      untilWorthTrying: async (error, s) => {
        if (error.isOutage) await reachability.until(s);
      },
    };
    await chosen.watch(context, start, AbortSignal.any([signal, outgrown.signal]));
  }

  /** The number of nodes matters only where services do not fit; one request, and a failure leaves it to the watch itself. */
  async function countNodes(services: number, signal: AbortSignal): Promise<number> {
    if (chooseStrategy({ services, nodes: 0 }, budget.size).name === "per-service") return 0;
    try {
      return (await client.nodes({ index: 0n, consistency: "stale", signal })).value.size;
    } catch (error) {
      if (error instanceof CatalogError) return 0;
      throw error;
    }
  }

  return {
    source: options.source,
    async run(signal) {
      while (!signal.aborted) {
        const start = await readUntilComplete(signal);
        if (start !== undefined) await watch(start, signal);
      }
    },
    slice: () => store.slice(),
    async confirm(signal) {
      await readAll("consistent", signal);
    },
    state: () => ({
      source: options.source,
      strategy: choice?.name ?? "none yet",
      strategyReason: choice?.reason ?? "the catalog has not been read completely",
      services: store.services.size,
      openRequests: budget.inUse,
      connectionBudget: budget.size,
      lastSuccessAtMs,
      consecutiveFailures: failing.consecutiveFailures,
      lastError: failing.consecutiveFailures > 0 ? lastError : undefined,
    }),
  };
}
