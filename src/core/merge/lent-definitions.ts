import { serviceKey } from "../catalog/snapshot.ts";
import type { Translated } from "../instances/instance-state.ts";
import {
  configObject,
  type DynamicConfig,
  kindOf,
  type ResourceKey,
  resourceKey,
  SECTIONS,
  splitKey,
} from "../traefik/chart/dynamic-config.ts";
import { referencesOf } from "../traefik/chart/references.ts";
import { referredKey } from "../traefik/chart/referred-key.ts";
import { withServers } from "../traefik/chart/servers.ts";
import type { InstanceDefinition } from "./definition.ts";

/**
 * What a service lends of which no instance gets traffic: its middlewares, as its registered instances define them, and the
 * services that those lead to, such as error pages, without servers. A middleware needs no healthy instance, and an owner of
 * routers must not lose them because a neighbour's check fails.
 *
 * @param own all instances of one catalog service, none of them routed
 */
export function lentDefinitions(own: readonly Translated[]): readonly InstanceDefinition[] {
  return own.flatMap(({ instance, state }): InstanceDefinition[] => {
    if (!(state.kind === "unhealthy" || state.kind === "standby") || state.fragment === undefined) return [];
    const { fragment, isCanary = false } = state;
    const { config } = fragment;
    const service = serviceKey(instance);
    return lendable(config).map((key) => {
      const { section, name } = splitKey(key);
      const object = config[section].get(name) ?? configObject();
      const lent = kindOf(section) === "services" && "loadBalancer" in object ? withServers(object, []) : object;
      return { section, name, service, instance, object: lent, isCanary, isAway: true };
    });
  });
}

/** The middlewares of a fragment and what they lead to within it. */
function lendable(config: DynamicConfig): readonly ResourceKey[] {
  const lent = new Set<ResourceKey>();
  const lend = (key: ResourceKey | "") => {
    if (key === "" || lent.has(key)) return;
    const { section, name } = splitKey(key);
    const object = config[section].get(name);
    if (object === undefined) return;
    lent.add(key);
    for (const reference of referencesOf(section, object)) lend(referredKey(section, reference));
  };
  for (const section of SECTIONS) {
    if (kindOf(section) === "middlewares") for (const name of config[section].keys()) lend(resourceKey(section, name));
  }
  return [...lent];
}
