import { serviceKey } from "../catalog/snapshot.ts";
import { memoize } from "../incremental/memoize.ts";
import type { Translated } from "../instances/instance-state.ts";
import { type ResourceKey, resourceKey, SECTIONS } from "../traefik/chart/dynamic-config.ts";
import { closedServices, NONE_CLOSED } from "./closed-services.ts";
import { type Definition, type InstanceDefinition, uniteDefinitions } from "./definition.ts";

/** What the instances of one catalog service define together, by key. */
export type Contribution = ReadonlyMap<ResourceKey, Definition>;

/** @param own all instances of one catalog service; memoized for this very list */
export const contributionOf = memoize((own: readonly Translated[]): Contribution => {
  const byKey = new Map<ResourceKey, InstanceDefinition[]>();
  for (const one of own.flatMap((instance) => definitionsOf(instance, own))) {
    const key = resourceKey(one.section, one.name);
    const others = byKey.get(key);
    if (others === undefined) byKey.set(key, [one]);
    else others.push(one);
  }
  const contribution = new Map<ResourceKey, Definition>();
  for (const [key, definitions] of byKey) {
    const definition = uniteDefinitions(definitions);
    if (definition !== undefined) contribution.set(key, definition);
  }
  return contribution;
});

function definitionsOf(one: Translated, own: readonly Translated[]): readonly InstanceDefinition[] {
  const { instance, state } = one;
  if (state.kind !== "routed") return [];
  const { config } = state.fragment;
  const service = serviceKey(instance);
  const closed = state.fragment.leftOut.size === 0 ? NONE_CLOSED : closedServices(one, own);
  return SECTIONS.flatMap((section) =>
    [...config[section]]
      .filter(([name]) => !closed.has(resourceKey(section, name)))
      .map(([name, object]) => ({ section, name, service, instance, object })),
  );
}
