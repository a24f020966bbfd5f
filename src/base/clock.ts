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
  // Not by node:timers/promises, which makes an error with its stack for each sleep that ends early.
  sleep: (ms, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted === true) {
        resolve();
        return;
      }
      const end = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener("abort", end);
        resolve();
      };
      const timer = setTimeout(end, ms);
      signal?.addEventListener("abort", end, { once: true });
    }),
};
