import type { RouteState } from "../../api/resources/words.ts";
import { memoize } from "../../core/incremental/memoize.ts";
import type { Hold } from "../../core/removals/hold.ts";
import type { ResourceKey } from "../../core/traefik/chart/dynamic-config.ts";
import type { TraefikFlaw } from "../../core/traefik-result/traefik-result.ts";
import type { ChartStatus } from "./chart-status.ts";

/** In which state a router is, and since when. */
export interface RouterStanding {
  readonly state: RouteState;
  readonly sinceMs: number;
  /** It was so before this process started, which does not know since when: `sinceMs` is its start. */
  readonly isSinceStart: boolean;
}

/**
 * How the routers of a chart stand:
 *
 * | state | the router |
 * |---|---|
 * | `held` | is published with the servers it had, although no instance asks for it: a hold |
 * | `sleeping` | has no server, and stays until an instance is back, as its owner or the operator wishes |
 * | `emptied` | has no server, answers 503, and goes when its grace ends |
 * | `disabled` | is charted, and the running Traefik has disabled it |
 * | `untaken` | is charted, and the running Traefik lacks it, or has another one of that name |
 * | `live` | none of these |
 *
 * Remembered for each status: it is asked for every router.
 */
export const standingsIn = memoize(standings);

function standings({
  holds,
  leftAtMs,
  owners,
  isKept,
  traefik,
  flawSinceMs,
  liveSinceMs,
  startedAtMs,
}: ChartStatus): (key: ResourceKey) => RouterStanding {
  const held = new Map<ResourceKey, Hold>(holds.flatMap((hold) => hold.routers.map((key) => [key, hold] as const)));
  return (key) => {
    const flaw = flawState(traefik?.result?.flaws.get(key));
    // The worst first: what a visitor meets.
    if (flaw !== undefined) return { state: flaw, sinceMs: flawSinceMs.get(key) ?? startedAtMs, isSinceStart: false };
    const hold = held.get(key);
    if (hold !== undefined) return { state: "held", sinceMs: hold.sinceMs, isSinceStart: false };
    const leftMs = leftAtMs.get(key);
    if (leftMs !== undefined) {
      const state = isKept(owners.get(key)?.service) ? "sleeping" : "emptied";
      return { state, sinceMs: leftMs, isSinceStart: false };
    }
    const sinceMs = liveSinceMs.get(key);
    return { state: "live", sinceMs: sinceMs ?? startedAtMs, isSinceStart: sinceMs === undefined };
  };
}

function flawState(flaw: TraefikFlaw | undefined): "disabled" | "untaken" | undefined {
  if (flaw === undefined) return undefined;
  if (flaw.kind !== "refused") return "untaken";
  // Served in part, a router is live.
  return flaw.status === "disabled" ? "disabled" : undefined;
}
