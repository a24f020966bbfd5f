/** A token bucket: `burst` requests at once, then one every `intervalMs`. */
export interface RateFloor {
  /** Takes a token and returns how long to wait before the request it stands for, in milliseconds. */
  takeMs(nowMs: number): number;
}

/**
 * Keeps a query loop from storming the catalog when its index moves with every answer, without delaying the answer to a
 * single change: Consul's own advice is a small bucket rather than a fixed pause between calls.
 */
export function createRateFloor(intervalMs: number, burst: number): RateFloor {
  let freeAtMs = Number.NEGATIVE_INFINITY;
  return {
    takeMs(nowMs) {
      const earliestMs = nowMs - intervalMs * (burst - 1);
      freeAtMs = Math.max(freeAtMs, earliestMs);
      const waitMs = Math.max(0, freeAtMs - nowMs);
      freeAtMs += intervalMs;
      return waitMs;
    },
  };
}
