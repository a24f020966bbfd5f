import { memoize } from "../incremental/memoize.ts";
import type { StateSummary } from "../instances/instance-state.ts";
import type { Memory } from "../memory.ts";
import {
  type ConfigObject,
  type DynamicConfig,
  type ResourceKey,
  routersGone,
  routersOf,
  serviceOf,
} from "../traefik/chart/dynamic-config.ts";
import { serversOf } from "../traefik/chart/servers.ts";

/** A router of the published chart that nobody asks for any more. */
export interface Removal {
  readonly router: ResourceKey;
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
export function findRemovals(
  desired: DynamicConfig,
  previous: Pick<Memory, "chart" | "owners" | "leftAtMs">,
  summaryOf: (service: string) => StateSummary | undefined,
): readonly Removal[] {
  const removals: Removal[] = [];
  for (const { key } of previous.chart === undefined ? [] : goneRouters(desired, previous.chart)) {
    const owner = previous.owners.get(key)?.service;
    const standing = owner === undefined ? undefined : summaryOf(owner);
    if (standing?.kind === "routed") continue;
    removals.push({
      router: key,
      why: standing?.why ?? (owner === undefined ? "not in the catalog" : "deregistered"),
      keepsGrace: standing?.kind !== "hidden",
      leftAtMs: previous.leftAtMs.get(key),
    });
  }
  return removals;
}

/** The published routers that are not desired, but for those whose rule a desired one has. */
export function* goneRouters(desired: DynamicConfig, published: DynamicConfig): ReturnType<typeof routersGone> {
  for (const gone of routersGone(published, desired)) {
    if (!matchersIn(desired[gone.section]).has(matcherOf(gone.router))) yield gone;
  }
}

/** Of all routers of a section; remembered, since a moved port changes no router, and one that is gone is for minutes. */
const matchersIn = memoize(
  (routers: ReadonlyMap<string, ConfigObject>): ReadonlySet<string> => new Set(Array.from(routers.values(), matcherOf)),
);

/** What decides which requests a router gets. */
const matcherOf = memoize((router: ConfigObject): string => {
  const isTls = router["tls"] !== undefined;
  return JSON.stringify([router["rule"], router["entryPoints"], router["priority"], isTls]);
});

/** Routers of the published chart that have a server, or whose service lives in another provider. */
export function servedRouters(chart: DynamicConfig): readonly ResourceKey[] {
  const served: ResourceKey[] = [];
  for (const { key, section, router } of routersOf(chart)) {
    const service = serviceOf(chart, section, String(router["service"]));
    if (service === undefined || serversOf(service).length > 0) served.push(key);
  }
  return served;
}
