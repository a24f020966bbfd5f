import type { Clock } from "../clock.ts";
import { retryDelayMs } from "./backoff.ts";
import type { CatalogClient, Consistency } from "./catalog-client.ts";
import { CatalogError } from "./catalog-error.ts";
import type { ConnectionBudget } from "./connection-budget.ts";
import { createFailingTargets, type EndedTrouble } from "./failing-targets.ts";
import { readEverything } from "./full-read.ts";
import { createReachability } from "./reachability.ts";
import { createSliceStore } from "./slice-store.ts";
import type { CatalogSource, SourceReporter } from "./source.ts";
import { type CatalogShape, chooseStrategy, isOutgrown, type Strategies } from "./strategy.ts";
import type { WatchContext, WatchStart } from "./watch/watch.ts";

/** A fleet that is started or reloaded at once does not read everything in the same millisecond. */
const START_SPREAD_MS = 100;

export interface WatchedSourceOptions<Client extends CatalogClient> {
  /** Product, address, scope and prefix: what the slice belongs to. Holds no secret. */
  readonly source: string;
  readonly client: Client;
  readonly budget: ConnectionBudget;
  readonly parallelReads: number;
  readonly clock: Clock;
  readonly reporter: SourceReporter;
  readonly strategies: Strategies<Client>;
  /** The catalog's shape, from the number of its watched services and whatever else decides. */
  measure(services: number, signal: AbortSignal): Promise<CatalogShape>;
  random(): number;
  isWatched(unionTags: readonly string[]): boolean;
  /** The slice is complete for the first time, or differs from before. */
  changed(): void;
}

/** Reads a catalog completely, chooses a strategy by its shape, and watches until aborted. */
export function createWatchedSource<Client extends CatalogClient>(
  options: WatchedSourceOptions<Client>,
): CatalogSource {
  const { client, strategies, budget, clock, random, reporter, isWatched, parallelReads } = options;
  const store = createSliceStore(options.source, options.changed);
  const reachability = createReachability(clock, random);
  const failing = createFailingTargets();
  let choice: { readonly name: string; readonly reason: string } | undefined;
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
    const shape = { ...(await options.measure(start.serviceIndexes.size, signal)) };
    const strategy = chooseStrategy(strategies, shape, budget.size);
    const outgrown = new AbortController();
    choice = { name: strategy.name, reason: strategy.reason(shape, budget.size) };
    reporter.strategyChosen(choice.name, choice.reason);
    const context: WatchContext<Client> = {
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
        if (isOutgrown(strategies, strategy, shape, budget.size)) outgrown.abort();
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
    await strategy.watch(context, start, AbortSignal.any([signal, outgrown.signal]));
  }

  return {
    source: options.source,
    async run(signal) {
      await clock.sleep(random() * START_SPREAD_MS, signal);
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
