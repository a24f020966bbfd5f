import { type DynamicConfig, type ResourceKey, splitKey } from "../traefik/chart/dynamic-config.ts";
import { referencesOf } from "../traefik/chart/references.ts";
import { referredKey } from "../traefik/chart/referred-key.ts";

const NOTHING: ReadonlySet<ResourceKey> = new Set();

/**
 * What of the wanted keys a router is or leads to in a chart, directly or through others. Each thing is looked at once,
 * however many routers share it; a circle ends where it was entered.
 */
export function reachIn(
  chart: DynamicConfig,
  wanted: ReadonlyMap<ResourceKey, unknown>,
): (key: ResourceKey) => ReadonlySet<ResourceKey> {
  const known = new Map<ResourceKey, ReadonlySet<ResourceKey>>();
  return function reach(key: ResourceKey): ReadonlySet<ResourceKey> {
    const before = known.get(key);
    if (before !== undefined) return before;
    const own = wanted.has(key) ? new Set([key]) : NOTHING;
    known.set(key, own);
    const { section, name } = splitKey(key);
    const object = chart[section].get(name);
    let found = own;
    for (const reference of object === undefined ? [] : referencesOf(section, object)) {
      const referred = referredKey(section, reference);
      const reached = referred === "" ? NOTHING : reach(referred);
      if (reached.size > 0) found = found.size === 0 ? reached : new Set([...found, ...reached]);
    }
    known.set(key, found);
    return found;
  };
}
