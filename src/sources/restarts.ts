import type { Clock } from "../clock.ts";

/** Each query that starts anew may itself see what another one saw; together they start anew once in this time. */
const APART_MS = 5_000;

/**
 * Makes every query of a source start anew when one of them has seen the catalog's index fall. Those that were on their way
 * meanwhile wait with an index from the future, and would be held for a whole wait.
 */
export interface Restarts {
  /** Returns whether it was done: not again so soon. */
  startAnew(): boolean;
  /** Returns how to be told no more. */
  onRestart(told: () => void): () => void;
}

export function createRestarts(clock: Clock): Restarts {
  const listeners = new Set<() => void>();
  let lastAtMs = Number.NEGATIVE_INFINITY;
  return {
    startAnew() {
      const nowMs = clock.nowMs();
      if (nowMs - lastAtMs < APART_MS) return false;
      lastAtMs = nowMs;
      for (const told of [...listeners]) told();
      return true;
    },
    onRestart(told) {
      listeners.add(told);
      return () => listeners.delete(told);
    },
  };
}
