import type { Clock } from "../../src/base/clock.ts";

export interface FakeClock extends Clock {
  /** Moves time on. Sleepers wake in the order of their times, and each runs as far as it can before the next. */
  advance(ms: number): Promise<void>;
  /** How long each sleeper still sleeps, in milliseconds, the soonest to wake first. */
  readonly sleepingMs: readonly number[];
}

/** Time that stands still until a test moves it. */
export function createFakeClock(startMs = 1_000_000): FakeClock {
  let nowMs = startMs;
  const sleepers = new Set<{ readonly atMs: number; wake(): void }>();

  function soonest() {
    return [...sleepers].sort((a, b) => a.atMs - b.atMs);
  }

  return {
    nowMs: () => nowMs,
    async sleep(ms, signal) {
      if (signal?.aborted === true) return;
      await new Promise<void>((resolve) => {
        const sleeper = {
          atMs: nowMs + ms,
          wake() {
            sleepers.delete(sleeper);
            signal?.removeEventListener("abort", sleeper.wake);
            resolve();
          },
        };
        sleepers.add(sleeper);
        signal?.addEventListener("abort", sleeper.wake);
      });
    },
    async advance(ms) {
      const endMs = nowMs + ms;
      await settle();
      for (let [next] = soonest(); next !== undefined && next.atMs <= endMs; [next] = soonest()) {
        nowMs = Math.max(nowMs, next.atMs);
        next.wake();
        await settle();
      }
      nowMs = endMs;
    },
    get sleepingMs() {
      return soonest().map(({ atMs }) => atMs - nowMs);
    },
  };
}

/** Lets everything run that waits for nothing but promises. */
export async function settle(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}
