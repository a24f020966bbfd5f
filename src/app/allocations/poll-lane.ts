import type { Clock } from "../../base/clock.ts";
import { createDeferred } from "../../base/deferred.ts";
import { forEachParallel } from "../../sources/polling/work-pool.ts";
import { createDueQueue } from "./due-queue.ts";

/** How fast polls may follow each other, and how many may be open at a time. */
export interface LaneLimits {
  readonly gapMs: number;
  readonly parallel: number;
}

/** Polls that are due at a time of their own, the earliest first, and no faster than the lane allows. */
export interface PollLane {
  /** Is due at this time, and at no other; infinite: never. */
  put(id: string, dueAtMs: number): void;
  remove(id: string): void;
  /**
   * Polls what is due until aborted. What is polled is not due again before it is put again.
   *
   * @param poll returns whether it has asked anything: what costs nothing needs no gap
   */
  run(poll: (id: string, signal: AbortSignal) => Promise<boolean>, signal: AbortSignal): Promise<void>;
}

/** A lane looks around after so many polls: what is more urgent need not wait for all. */
const A_TURN = 10;
const LONGEST_SLEEP_MS = 60_000;

export function createPollLane(clock: Clock, { gapMs, parallel }: LaneLimits): PollLane {
  const queue = createDueQueue();
  let wake = createDeferred();

  return {
    put(id, dueAtMs) {
      const nextAtMs = queue.nextAtMs();
      queue.put(id, dueAtMs);
      if (queue.nextAtMs() < nextAtMs) wake.resolve();
    },
    remove: queue.remove,
    async run(poll, signal) {
      while (!signal.aborted) {
        wake = createDeferred();
        const nowMs = clock.nowMs();
        const turn = queue.take(nowMs, A_TURN);
        if (turn.length > 0) {
          let asked = 0;
          await forEachParallel(turn, parallel, async (id) => {
            if (await poll(id, signal)) asked += 1;
          });
          await clock.sleep(Math.max(0, nowMs + asked * gapMs - clock.nowMs()), signal);
          continue;
        }
        const woken = new AbortController();
        void wake.promise.then(() => woken.abort());
        const pauseMs = Math.min(queue.nextAtMs() - nowMs, LONGEST_SLEEP_MS);
        await clock.sleep(pauseMs, AbortSignal.any([signal, woken.signal]));
      }
    },
  };
}
