import { setTimeout as sleep } from "node:timers/promises";

/** Time as a dependency, so that tests move it by hand instead of waiting for it. */
export interface Clock {
  /** Milliseconds since the epoch; never goes back. */
  nowMs(): number;
  /** Resolves after `ms`, or at once (without an error) when the signal is aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/**
 * Anchored to the wall clock at the start and even from then on. After a correction of the wall clock by an hour back,
 * everything that waits "until" would otherwise wait an hour: the catalog was followed no more.
 */
export const systemClock: Clock = {
  nowMs: () => Math.round(performance.timeOrigin + performance.now()),
  async sleep(ms, signal) {
    try {
      await sleep(ms, undefined, signal === undefined ? {} : { signal });
    } catch (error) {
      if (signal?.aborted !== true) throw error;
    }
  },
};
