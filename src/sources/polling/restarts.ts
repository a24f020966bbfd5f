import type { Clock } from "../../base/clock.ts";

/** A catalog whose index falls with every other answer, read through servers that lag, must not cost a read of all each time. */
const APART_MS = 5_000;

/**
 * Makes every query of a source start anew when one of them has seen the catalog's index fall. Those that were on their way
 * meanwhile wait with an index from the future, and would be held for a whole wait.
 */
export interface Restarts {
  /** At once, or, where the last time was a moment ago, after a while: the index may have fallen again since then. */
  startAnew(): void;
  /** Calls back at each start anew. Returns how to end that. */
  onRestart(listener: () => void): () => void;
}

export function createRestarts(clock: Clock, signal: AbortSignal): Restarts {
  const listeners = new Set<() => void>();
  let lastAtMs = Number.NEGATIVE_INFINITY;
  let isDue = false;

  function tell(): void {
    isDue = false;
    lastAtMs = clock.nowMs();
    for (const listener of [...listeners]) listener();
  }

  return {
    startAnew() {
      if (isDue) return;
      const restMs = lastAtMs + APART_MS - clock.nowMs();
      if (restMs <= 0) {
        tell();
        return;
      }
      isDue = true;
      void clock.sleep(restMs, signal).then(tell);
    },
    onRestart(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
