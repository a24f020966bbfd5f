import type { Clock } from "../base/clock.ts";
import type { Steps } from "../core/incremental/steps.ts";

/** After so long the requests and timers that have come meanwhile get their turn. */
const TURN_MS = 10;

/**
 * Takes the steps one after the other and lets others have their turn in between: at the start, after a reload or when
 * a catalog was restored, a pass takes seconds at 50,000 instances, and health checks must be answered all the while.
 */
export async function runInTurns<Result>(steps: Steps<Result>, clock: Pick<Clock, "nowMs">): Promise<Result> {
  let sinceMs = clock.nowMs();
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
    if (clock.nowMs() - sinceMs < TURN_MS) continue;
    await new Promise((resolve) => setImmediate(resolve));
    sinceMs = clock.nowMs();
  }
}
