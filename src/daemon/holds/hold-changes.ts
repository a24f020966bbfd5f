import type { Hold } from "../../core/removals/hold.ts";
import { isSameHold, rulesOf } from "../../core/removals/hold.ts";

/** How the holds of two passes differ. */
export interface HoldChanges {
  /** Those that hold routers which the same hold did not hold before. */
  readonly held: readonly Hold[];
  readonly released: readonly { readonly hold: Hold; readonly isByHand: boolean }[];
}

/**
 * Compares the holds before and after a pass.
 *
 * A hold is released where an operator ended it, or where nothing else of its catalog is held in its place: a catalog
 * that is held for another reason than before is not released in between.
 *
 * @param ended the holds of `before` that an operator has ended, each with the routers that were let go
 */
export function holdChanges(before: readonly Hold[], after: readonly Hold[], ended: readonly Hold[]): HoldChanges {
  const released = before.map((hold) => {
    const byHand = sameHold(ended, hold);
    return { hold: byHand ?? hold, isByHand: byHand !== undefined };
  });
  return {
    held: after.filter((hold) => hasNewRouters(hold, sameHold(before, hold))),
    released: released.filter(({ hold, isByHand }) => isByHand || !after.some((one) => isSuccessor(one, hold))),
  };
}

/** The hold of the same catalog for the same reason. */
export function sameHold(holds: readonly Hold[], wanted: Hold): Hold | undefined {
  return holds.find((hold) => isSameHold(hold, wanted));
}

function hasNewRouters({ routers }: Hold, before: Hold | undefined): boolean {
  const heldBefore = new Set(before?.routers);
  return routers.some((router) => !heldBefore.has(router));
}

function isSuccessor(one: Hold, hold: Hold): boolean {
  return one.catalogName === hold.catalogName && rulesOf(one).isLasting === rulesOf(hold).isLasting;
}
