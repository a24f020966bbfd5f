import { inverted } from "../incremental/inverted.ts";
import { memoize } from "../incremental/memoize.ts";
import { type InstanceState, reasonOfState, type StateReason } from "../instances/instance-state.ts";
import type { PublishedNames } from "../merge/owner.ts";
import { routersGone } from "../traefik/chart/changed-names.ts";
import {
  type ConfigObject,
  type DynamicConfig,
  type ResourceKey,
  resourceKey,
  routersOf,
  type Section,
  serviceOf,
} from "../traefik/chart/dynamic-config.ts";
import { serversOf } from "../traefik/chart/servers.ts";

/** Why no instance asks for a router any more: the state of the best instance of its owner, or that there is none. */
export type RemovalReason =
  | StateReason
  | { readonly kind: "deregistered" }
  /** The owner is not known: the chart was found at the start, without the state that belongs to it. */
  | { readonly kind: "not-in-catalog" };

/** A router of the published chart that no instance asks for any more. */
export interface Removal {
  readonly router: ResourceKey;
  readonly why: RemovalReason;
  /** Whether it keeps answering 503 for a while. Not when its owner withdrew it on purpose. */
  readonly keepsGrace: boolean;
  /** When it lost its last server, where that was in an earlier pass. */
  readonly leftAtMs: number | undefined;
}

/**
 * Finds the published routers that have no server any more: those that lose the last with this pass, and those that
 * lost it before and answer 503. A router whose owner is alive and has merely defined others, or whose rule another live
 * router has taken over, is replaced rather than removed: nothing of it may stay, or it would compete with its successor.
 *
 * @param bestStateOf the best state among the instances of a service, by its key; undefined where it has none
 */
export function findRemovals(
  desired: DynamicConfig,
  { chart, owners }: PublishedNames,
  leftAtMs: ReadonlyMap<ResourceKey, number>,
  bestStateOf: (service: string) => InstanceState | undefined,
): readonly Removal[] {
  const removals: Removal[] = [];
  for (const { key } of chart === undefined ? [] : unaskedRouters(desired, chart)) {
    const owner = owners.get(key)?.service;
    const state = owner === undefined ? undefined : bestStateOf(owner);
    if (state?.kind === "routed") continue;
    removals.push({
      router: key,
      why:
        state === undefined ? { kind: owner === undefined ? "not-in-catalog" : "deregistered" } : reasonOfState(state),
      keepsGrace: state?.kind !== "hidden",
      leftAtMs: leftAtMs.get(key),
    });
  }
  return removals;
}

/** The published routers that are not desired, but for those whose rule a desired one has. */
export function* unaskedRouters(desired: DynamicConfig, published: DynamicConfig): ReturnType<typeof routersGone> {
  for (const unasked of routersGone(published, desired)) {
    if (routersBy(desired[unasked.section]).get(matcherOf(unasked.router)) === undefined) yield unasked;
  }
}

/** The router of a configuration that gets the requests of another one, which is not there. */
export function successorIn(config: DynamicConfig, section: Section, router: ConfigObject): ResourceKey | undefined {
  const names = routersBy(config[section]).get(matcherOf(router));
  if (names === undefined) return undefined;
  const inOrder = names.size > 1 ? [...config[section].keys()].filter((name) => names.has(name)) : [...names];
  return resourceKey(section, inOrder.at(-1) ?? "");
}

/** What decides which requests a router gets → the names of routers, of all routers of a section. */
const routersBy = inverted((router: ConfigObject) => [matcherOf(router)]);

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
