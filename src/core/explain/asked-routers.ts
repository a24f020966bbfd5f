import { memoize } from "../incremental/memoize.ts";
import { leftOutIn, type Translated } from "../instances/instance-state.ts";
import {
  type ConfigObject,
  isRouterKey,
  type ResourceKey,
  ROUTER_SECTIONS,
  resourceKey,
} from "../traefik/chart/dynamic-config.ts";

/**
 * The routers that instances ask for, by their own tags, whatever becomes of them: as they are defined, or as far as they could
 * be read before they were left out. None of an instance that asks for no routes, or whose tags cannot be read. Remembered with
 * the list.
 */
export const routersAskedFor = memoize((own: readonly Translated[]): RoutersAsked => {
  const asked = new Map<ResourceKey, ConfigObject | undefined>();
  for (const { state } of own) {
    for (const [key, { object }] of leftOutIn(state) ?? []) {
      if (isRouterKey(key) && asked.get(key) === undefined) asked.set(key, object);
    }
    if (!("fragment" in state) || state.fragment === undefined) continue;
    for (const section of ROUTER_SECTIONS) {
      for (const [name, router] of state.fragment.config[section]) asked.set(resourceKey(section, name), router);
    }
  }
  return asked;
});

type RoutersAsked = ReadonlyMap<ResourceKey, ConfigObject | undefined>;
