import type { Hold } from "../memory.ts";
import type { CoreSettings } from "../settings.ts";
import type { Slice } from "../snapshot.ts";
import type { ResourceKey } from "../traefik/dynamic-config.ts";

export interface GuardInput {
  /** Routers about to lose their last server. */
  readonly departing: readonly ResourceKey[];
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
 * | more than `removalCount` routers and more than `removalShare` of them leave, or the last one | `confirmAfterMs` are over and a consistent read says the same then: one at the beginning would only repeat the lie |
 *
 * Only the routers of the answer are held; without one, all may go.
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
  // Who is held stays held until the hold ends, also when others have come back and the rest is no mass any more:
  // a catalog that recovers does so service by service.
  const known = new Set(hold?.kind === "mass-removal" ? hold.routers : []);
  const stillHeld = departing.filter((router) => known.has(router));
  const isMass =
    (departing.length > settings.removalCount && departing.length > settings.removalShare * served) ||
    departing.length >= served;
  const routers = isMass ? departing : stillHeld;
  if (routers.length === 0) return undefined;
  const sinceMs = stillHeld.length === 0 ? nowMs : sinceOf(hold, "mass-removal", nowMs);
  const endsAtMs = sinceMs + settings.confirmAfterMs;
  if (slice.confirmedAtMs !== undefined && slice.confirmedAtMs >= endsAtMs) return undefined;
  return { kind: "mass-removal", routers, sinceMs, endsAtMs };
}

function sinceOf(hold: Hold | undefined, kind: Hold["kind"], nowMs: number): number {
  return hold?.kind === kind ? hold.sinceMs : nowMs;
}
