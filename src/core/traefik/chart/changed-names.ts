import { keysBetween } from "../../incremental/lineage.ts";
import {
  type DynamicConfig,
  type ResourceKey,
  ROUTER_SECTIONS,
  resourceKey,
  type routersOf,
} from "./dynamic-config.ts";

/**
 * The names that were added, removed or given another object, in no particular order. The same map costs nothing, and maps of
 * which it is noted what was made of which cost what has changed between them.
 */
export function changedNames<Name extends string, Named>(
  before: ReadonlyMap<Name, Named>,
  after: ReadonlyMap<Name, Named>,
): readonly Name[] {
  if (before === after) return [];
  const noted = keysBetween(before, after);
  if (noted !== undefined) return [...noted].filter((name) => before.get(name) !== after.get(name));
  const changed: Name[] = [];
  let common = 0;
  for (const [name, object] of after) {
    const known = before.get(name);
    if (known !== undefined) common += 1;
    if (known !== object) changed.push(name);
  }
  if (common < before.size) for (const name of before.keys()) if (!after.has(name)) changed.push(name);
  return changed;
}

/** The routers that another configuration does not define, in their order. */
export function* routersGone(config: DynamicConfig, from: DynamicConfig): ReturnType<typeof routersOf> {
  for (const section of ROUTER_SECTIONS) {
    const routers = config[section];
    const gone = new Set(changedNames(from[section], routers).filter((name) => !from[section].has(name)));
    for (const name of gone.size > 1 ? routers.keys() : gone) {
      const router = gone.has(name) ? routers.get(name) : undefined;
      if (router !== undefined) yield { key: resourceKey(section, name), section, name, router };
    }
  }
}

/** The routers that were added, removed or given another object. */
export function changedRouters(before: DynamicConfig, after: DynamicConfig): readonly ResourceKey[] {
  return ROUTER_SECTIONS.flatMap((section) =>
    changedNames(before[section], after[section]).map((name) => resourceKey(section, name)),
  );
}
