import { changedNames } from "../traefik/chart/changed-names.ts";
import {
  type DynamicConfig,
  isRouterSection,
  kindOf,
  type ResourceKey,
  resourceKey,
  SECTIONS,
  type Section,
} from "../traefik/chart/dynamic-config.ts";
import { referencesOf } from "../traefik/chart/references.ts";
import { referredKey } from "../traefik/chart/referred-key.ts";

/**
 * The routers, middlewares and services that may unfold otherwise than before: those that are other objects, and all that
 * lead to one of them. Services that refer to nothing take no part in that: a server that comes or goes costs nothing here.
 */
export function affectedKeys(before: DynamicConfig, config: DynamicConfig): ReadonlySet<ResourceKey> {
  const affected = new Set<ResourceKey>();
  let isPartChanged = false;
  for (const section of SECTIONS) {
    for (const name of changedNames(before[section], config[section])) {
      const refersTo = (one: DynamicConfig) => {
        const object = one[section].get(name);
        return object !== undefined && referencesOf(section, object).length > 0;
      };
      if (kindOf(section) === "services" && !refersTo(before) && !refersTo(config)) continue;
      affected.add(resourceKey(section, name));
      if (!isRouterSection(section)) isPartChanged = true;
    }
  }
  if (!isPartChanged) return affected;
  for (let count = -1; count !== affected.size; ) {
    count = affected.size;
    for (const section of SECTIONS) if (!isRouterSection(section)) addDependents(section, config, affected);
  }
  for (const section of SECTIONS) if (isRouterSection(section)) addDependents(section, config, affected);
  return affected;
}

function addDependents(section: Section, config: DynamicConfig, affected: Set<ResourceKey>): void {
  for (const [name, object] of config[section]) {
    const references = referencesOf(section, object);
    if (references.length === 0) continue;
    const isAffected = references.some((reference) => {
      const key = referredKey(section, reference);
      return key !== "" && affected.has(key);
    });
    if (isAffected) affected.add(resourceKey(section, name));
  }
}
