import type { Hold } from "../memory.ts";
import type { CoreSettings } from "../settings.ts";
import type { Slice } from "../snapshot.ts";

export interface GuardInput {
  /** Routers about to lose their last server. */
  readonly departing: readonly string[];
  /** Routers of the published chart that have servers. */
  readonly served: number;
  readonly slice: Pick<Slice, "origin" | "confirmedAtMs" | "indexResetAtMs">;
  readonly hold: Hold | undefined;
  readonly settings: CoreSettings["guard"];
  readonly nowMs: number;
}

/**
 * Decides whether disappearance is held. Additions and moves never are. The catalog's bad minute looks like this:
 *
 * | sign | held until |
 * |---|---|
 * | the slice is the stored one, the source has not answered yet | the source has answered completely |
 * | the catalog's index fell back (restarted, restored, replaced) | `resetHoldMs` after that; what registers again is free at once |
 * | more than `removalCount` routers and more than `removalShare` of them leave, or the last one | `confirmAfterMs` are over and a consistent read that began after the hold says the same |
 *
 * Nothing is returned where the departing may go.
 */
export function judgeRemoval(input: GuardInput): Hold | undefined {
  const { departing, served, slice, hold, settings, nowMs } = input;
  if (departing.length === 0) return undefined;
  if (slice.origin === "stored") {
    return { kind: "source-away", routers: departing, sinceMs: sinceOf(hold, "source-away", nowMs) };
  }
  const resetEndsAtMs = (slice.indexResetAtMs ?? Number.NEGATIVE_INFINITY) + settings.resetHoldMs;
  if (nowMs < resetEndsAtMs) {
    const sinceMs = sinceOf(hold, "catalog-reset", nowMs);
    return { kind: "catalog-reset", routers: departing, sinceMs, endsAtMs: resetEndsAtMs };
  }
  const isMass = departing.length > settings.removalCount && departing.length > settings.removalShare * served;
  if (!isMass && departing.length < served) return undefined;
  const sinceMs = sinceOf(hold, "mass-removal", nowMs);
  const endsAtMs = sinceMs + settings.confirmAfterMs;
  const isConfirmed = slice.confirmedAtMs !== undefined && slice.confirmedAtMs >= sinceMs;
  if (isConfirmed && nowMs >= endsAtMs) return undefined;
  return { kind: "mass-removal", routers: departing, sinceMs, endsAtMs };
}

function sinceOf(hold: Hold | undefined, kind: Hold["kind"], nowMs: number): number {
  return hold?.kind === kind ? hold.sinceMs : nowMs;
}
