import {
  type DynamicConfig,
  type ResourceKey,
  type RouterSection,
  resourceKey,
  routersOf,
  splitKey,
} from "../../traefik/chart/dynamic-config.ts";
import { referencesOf } from "../../traefik/chart/references.ts";
import { referredKey } from "../../traefik/chart/referred-key.ts";

/** Everything that a router leads to, through chains, weighted services and the like; itself not included. */
export function ledToBy(section: RouterSection, name: string, config: DynamicConfig): ReadonlySet<ResourceKey> {
  const found = new Set<ResourceKey>();
  const open = [resourceKey(section, name)];
  for (let key = open.pop(); key !== undefined; key = open.pop()) {
    const { section: from, name: entry } = splitKey(key);
    const object = config[from].get(entry);
    if (object === undefined) continue;
    for (const reference of referencesOf(from, object)) {
      const to = referredKey(from, reference);
      if (to === "" || found.has(to)) continue;
      found.add(to);
      open.push(to);
    }
  }
  return found;
}

/** The routers that lead to each of these names, by name. */
export function routersLeadingTo(
  keys: ReadonlySet<ResourceKey>,
  config: DynamicConfig,
): ReadonlyMap<ResourceKey, readonly ResourceKey[]> {
  const leading = new Map<ResourceKey, ResourceKey[]>();
  for (const { key, section, name } of routersOf(config)) {
    for (const target of ledToBy(section, name, config)) {
      if (!keys.has(target)) continue;
      const routers = leading.get(target);
      if (routers === undefined) leading.set(target, [key]);
      else routers.push(key);
    }
  }
  return leading;
}
