import { type Hold, isSameHold, rulesOf } from "./hold.ts";
import type { RemovalsMemory } from "./removals-memory.ts";

/**
 * What the removals stage remembers after an operator has ended `holds`: the very routers that they held go with the next
 * pass, unless they are asked for again by then. Other routers that go are judged as ever, also for the same reason.
 */
export function releaseHolds(memory: RemovalsMemory, holds: readonly Hold[]): RemovalsMemory {
  const ended = holds.filter((hold) => rulesOf(hold).isReleasable);
  if (ended.length === 0) return memory;
  return {
    ...memory,
    released: new Set([...memory.released, ...ended.flatMap(({ routers }) => routers)]),
    holds: memory.holds.filter((hold) => !ended.some((one) => isSameHold(one, hold))),
  };
}
