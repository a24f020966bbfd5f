import { type DynamicConfig, type ResourceKey, ROUTER_SECTIONS, resourceKey } from "./dynamic-config.ts";

/** The names that were added, removed or given another object. The same map costs nothing. */
export function changedNames<Name extends string, Named>(
  before: ReadonlyMap<Name, Named>,
  after: ReadonlyMap<Name, Named>,
): readonly Name[] {
  if (before === after) return [];
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

/** The routers that were added, removed or given another object. */
export function changedRouters(before: DynamicConfig, after: DynamicConfig): readonly ResourceKey[] {
  return ROUTER_SECTIONS.flatMap((section) =>
    changedNames(before[section], after[section]).map((name) => resourceKey(section, name)),
  );
}
