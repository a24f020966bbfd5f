import type { Memory } from "../memory.ts";
import { serversOf } from "../merge/definition.ts";
import type { Presence } from "../presence.ts";
import type { ConfigObject, HttpConfig } from "../traefik/dynamic-config.ts";

/** A router of the published chart that nobody asks for any more. */
export interface Departure {
  readonly router: string;
  readonly why: string;
  /** Keep answering 503 for a while? Not when its owner withdrew it on purpose. */
  readonly keepsGrace: boolean;
  /** When it lost its last server, where that was in an earlier pass. */
  readonly leftAtMs: number | undefined;
}

/**
 * Finds the published routers that have no server any more: those that lose the last with this pass, and those that
 * lost it before and answer 503. A router whose owner is alive and has merely defined others, or whose rule another live
 * router has taken over, is replaced rather than leaving: nothing of it may stay, or it would compete with its successor.
 */
export function findDepartures(
  desired: HttpConfig,
  previous: Pick<Memory, "chart" | "owners" | "leftAtMs">,
  presence: ReadonlyMap<string, Presence>,
): readonly Departure[] {
  const departures: Departure[] = [];
  const liveRules = new Set([...desired.routers.values()].map(matcherOf));
  for (const [router, object] of previous.chart?.routers ?? []) {
    if (desired.routers.has(router)) continue;
    if (liveRules.has(matcherOf(object))) continue;
    const owner = previous.owners.get(`routers/${router}`)?.service;
    const standing = owner === undefined ? undefined : presence.get(owner);
    if (standing?.kind === "routed") continue;
    departures.push({
      router,
      why: standing?.why ?? (owner === undefined ? "not in the catalog" : "deregistered"),
      keepsGrace: standing?.kind !== "hidden",
      leftAtMs: previous.leftAtMs.get(router),
    });
  }
  return departures;
}

/** What decides which requests a router gets. */
function matcherOf(router: ConfigObject): string {
  return JSON.stringify([router["rule"], router["entryPoints"], router["priority"], router["tls"] !== undefined]);
}

/** Routers of the published chart that have a server, or whose service lives in another provider. */
export function countServed(chart: HttpConfig): number {
  let served = 0;
  for (const router of chart.routers.values()) {
    const service = chart.services.get(String(router["service"]));
    if (service === undefined || serversOf(service).length > 0) served += 1;
  }
  return served;
}
