import type { Clock } from "../base/clock.ts";
import type { Steps } from "../core/incremental/steps.ts";

/** After this time the requests and timers that have come meanwhile are handled. */
const TURN_MS = 10;

/**
 * Runs the steps one after the other and lets the event loop handle requests and timers in between: at the start, after a
 * reload or when a catalog was restored, a pass takes seconds at 50,000 instances, and health checks must be answered
 * meanwhile.
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
