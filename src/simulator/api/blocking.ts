import type { Clock } from "../../base/clock.ts";
import type { Watches } from "../state/watches.ts";
import { parseDurationMs } from "./duration.ts";

const WAIT_DEFAULT_MS = 5 * 60_000;
const WAIT_MAX_MS = 10 * 60_000;
/** Consul spreads the end of a wait over this part of it, so that clients do not come back in step. */
const JITTER_FRACTION = 16;

const UINT64_MAX = 2n ** 64n - 1n;
/** `?index=`: 0 where it is absent or empty; undefined where Consul answers 400. */
export function parseIndex(text: string): bigint | undefined {
  if (text === "") return 0n;
  if (!/^\d+$/.test(text)) return undefined;
  const index = BigInt(text);
  return index > UINT64_MAX ? undefined : index;
}

/**
 * `?wait=`, one of Go's durations → milliseconds, without jitter. Absent, zero and negative mean 5 minutes; 10 minutes is
 * the most. Undefined where Consul answers 400.
 */
export function parseWaitMs(text: string): number | undefined {
  const waitMs = text === "" ? 0 : parseDurationMs(text);
  if (waitMs === undefined) return undefined;
  return waitMs <= 0 ? WAIT_DEFAULT_MS : Math.min(waitMs, WAIT_MAX_MS);
}

/** One look at a catalog: what to answer, under which index, and what to wait for when that index is not news. */
export interface View {
  readonly index: number;
  readonly watched: readonly string[];
  readonly body: unknown;
}

/** A catalog whose data can be watched, and replaced as a whole. */
export interface Watchable<State> {
  readonly state: State & { readonly watches: Watches; readonly abandoned: AbortSignal };
}

export interface Waiting {
  /** 0 does not block; a number from the future blocks for the whole wait. */
  readonly minIndex: bigint;
  readonly waitMs: number;
  readonly clock: Clock;
  /** The client has gone or the server closes. */
  readonly gone: AbortSignal;
}

/**
 * A blocking query: looks, and looks again whenever something watched is written, until the index is news, the wait is
 * over or the catalog is wiped. At the end of the wait the answer is the last look's. Rejects as a look does.
 */
export async function watchQuery<State, Look extends View>(
  catalog: Watchable<State>,
  query: (state: State) => Look,
  waiting: Waiting,
): Promise<Look> {
  const { minIndex, waitMs, clock, gone } = waiting;
  const { state } = catalog;
  let view = query(state);
  if (minIndex === 0n || view.index > minIndex) return view;

  const finished = new AbortController();
  const expired = new AbortController();
  const over = AbortSignal.any([expired.signal, gone, state.abandoned]);
  const timer = clock
    .sleep(waitMs + (Math.random() * waitMs) / JITTER_FRACTION, AbortSignal.any([finished.signal, gone]))
    .then(() => expired.abort());
  try {
    while (view.index <= minIndex && !over.aborted) {
      await state.watches.next(view.watched, over);
      if (!over.aborted) view = query(state);
    }
  } finally {
    finished.abort();
    await timer;
  }
  return state.abandoned.aborted ? query(catalog.state) : view;
}
