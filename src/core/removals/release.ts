import { type Hold, isSameHold, rulesOf } from "./hold.ts";
import type { RemovalsMemory } from "./removals-memory.ts";

/**
 * What the removals stage remembers after an operator has ended `holds`, or of some of them single routers: the very routers
 * that are listed go with the next pass, unless they are asked for again by then. What such a hold held besides stays held
 * until the hold ends. Other routers that go are judged as ever, also for the same reason.
 */
export function releaseHolds(memory: RemovalsMemory, holds: readonly Hold[]): RemovalsMemory {
  const ended = holds.filter((hold) => rulesOf(hold).isReleasable);
  if (ended.length === 0) return memory;
  const released = new Set(ended.flatMap(({ routers }) => routers));
  return {
    ...memory,
    released: new Set([...memory.released, ...released]),
    holds: memory.holds.flatMap((hold) => {
      if (!ended.some((one) => isSameHold(one, hold))) return [hold];
      const left = hold.routers.filter((router) => !released.has(router));
      return left.length === 0 ? [] : [{ ...hold, routers: left, isPartlyReleased: true }];
    }),
  };
}
