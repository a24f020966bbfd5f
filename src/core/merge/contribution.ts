import { serviceKey } from "../catalog/snapshot.ts";
import { memoize } from "../incremental/memoize.ts";
import type { Translated } from "../instances/instance-state.ts";
import { type ResourceKey, resourceKey, SECTIONS } from "../traefik/chart/dynamic-config.ts";
import { type Definition, type InstanceDefinition, uniteDefinitions } from "./definition.ts";

/** What the instances of one catalog service define together, by key. */
export type Contribution = ReadonlyMap<ResourceKey, Definition>;

/** @param own all instances of one catalog service; memoized for this very list */
export const contributionOf = memoize((own: readonly Translated[]): Contribution => {
  const byKey = new Map<ResourceKey, InstanceDefinition[]>();
  for (const one of own.flatMap(definitionsOf)) {
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

function definitionsOf({ instance, state }: Translated): readonly InstanceDefinition[] {
  if (state.kind !== "routed") return [];
  const { config } = state.fragment;
  const service = serviceKey(instance);
  return SECTIONS.flatMap((section) =>
    [...config[section]].map(([name, object]) => ({ section, name, service, instance, object })),
  );
}
