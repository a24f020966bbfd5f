import type { RouteState } from "../../api/resources/words.ts";
import type { Hold } from "../../core/removals/hold.ts";
import type { ResourceKey } from "../../core/traefik/chart/dynamic-config.ts";
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
 * | `live` | none of these |
 */
export function standingsIn({
  holds,
  leftAtMs,
  owners,
  isKept,
  liveSinceMs,
  startedAtMs,
}: ChartStatus): (key: ResourceKey) => RouterStanding {
  const held = new Map<ResourceKey, Hold>(holds.flatMap((hold) => hold.routers.map((key) => [key, hold] as const)));
  return (key) => {
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
