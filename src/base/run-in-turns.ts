import type { Steps } from "../core/incremental/steps.ts";
import type { Clock } from "./clock.ts";

/** After so long the requests and timers that have come meanwhile get their turn. */
const SLICE_MS = 10;

/**
 * Takes the steps one after the other and lets others have their turn in between: at the start, after a reload or when
 * a catalog was restored, a pass takes seconds at 50,000 instances, and health checks must be answered all the while.
 */
export async function inSlices<Result>(steps: Steps<Result>, clock: Pick<Clock, "nowMs">): Promise<Result> {
  let sinceMs = clock.nowMs();
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
    if (clock.nowMs() - sinceMs < SLICE_MS) continue;
    await new Promise((resolve) => setImmediate(resolve));
    sinceMs = clock.nowMs();
  }
}
