import type { Clock } from "../../base/clock.ts";
import type { BlockingAnswer } from "../catalog/blocking-answer.ts";
import { ABANDONED } from "../catalog/catalog-client.ts";
import { CatalogError } from "../catalog/catalog-error.ts";
import { retryDelayMs } from "./backoff.ts";
import { judgeIndex, noIndex } from "./query-index.ts";
import { createRateFloor } from "./rate-floor.ts";
import type { Restarts } from "./restarts.ts";

/** Two answers of one query lie at least this far apart, apart from a burst of two. */
export const FLOOR_MS = 200;
export const FLOOR_BURST = 2;

export interface BlockingQuery<T> {
  /** The write to wait beyond at first, known by whichever read; 0 reads at once. */
  readonly startIndex: bigint;
  /** The index that this same query gave last: a lower one is a reset. Another query's is not to be compared with its own. */
  readonly ownIndex?: bigint;
  /** One request. Index 0 must be sent without a wait. Rejects with a CatalogError only. */
  fetch(index: bigint, signal: AbortSignal): Promise<BlockingAnswer<T>>;
  /** Every error-free answer, whether or not it brings news: a moved index only means "look again". */
  answered(value: T, index: bigint): void;
  /** The index fell back. The answer that showed it is delivered all the same, after this. */
  reset?(value: T): void;
  failed(error: CatalogError, retryInMs: number): void;
  /** Resolves when it makes sense to try again: at once, or when the catalog as a whole answers again. */
  untilWorthTrying?(error: CatalogError, signal: AbortSignal): Promise<void>;
}

export interface BlockingQueryEnvironment {
  readonly clock: Clock;
  /** A number in [0, 1). */
  random(): number;
  /** By which queries of the same catalog make each other start anew; absent where there is one query only. */
  readonly restarts?: Restarts;
}

/**
 * Follows one blocking query until the signal is aborted; knows the rules of blocking queries and no product. After any
 * error the query starts again from index 0: a kept index may be ahead of a restored catalog and would then block for a
 * whole wait unnoticed. So it does when another query of the same catalog has seen the index fall.
 */
export async function followBlockingQuery<T>(
  query: BlockingQuery<T>,
  { clock, random, restarts }: BlockingQueryEnvironment,
  signal: AbortSignal,
): Promise<void> {
  const floor = createRateFloor(FLOOR_MS, FLOOR_BURST);
  let index = query.startIndex;
  // Outlives errors, so that a catalog which comes back with lower numbers is recognised as another one.
  let lastIndex = query.ownIndex ?? 0n;
  let failures = 0;
  let request = new AbortController();
  const giveUp = (): void => request.abort(ABANDONED);
  signal.addEventListener("abort", giveUp, { once: true });
  const forgetRestarts = restarts?.onRestart(() => {
    index = 0n;
    // This fall is known: it must not be seen once more by each query.
    lastIndex = 0n;
    // It may wait with an index from the future, and must be answered no more.
    request.abort();
  });

  async function step(): Promise<void> {
    request = new AbortController();
    const { signal: asking } = request;
    try {
      const answer = await query.fetch(index, asking);
      const found = judgeIndex(lastIndex, answer.index);
      if (found.kind === "invalid") throw noIndex(found.found);
      if (asking.aborted) return;
      failures = 0;
      index = found.index;
      lastIndex = found.index;
      if (found.kind === "reset") query.reset?.(answer.value);
      query.answered(answer.value, index);
    } catch (error) {
      if (asking.aborted) return;
      if (!(error instanceof CatalogError)) throw error;
      failures += 1;
      index = 0n;
      const delayMs = retryDelayMs(error, failures, random());
      query.failed(error, delayMs);
      await clock.sleep(delayMs, signal);
      await query.untilWorthTrying?.(error, signal);
    }
  }

  try {
    while (!signal.aborted) {
      const pauseMs = floor.takeMs(clock.nowMs());
      if (pauseMs > 0) await clock.sleep(pauseMs, signal);
      if (!signal.aborted) await step();
    }
  } finally {
    signal.removeEventListener("abort", giveUp);
    forgetRestarts?.();
  }
}
