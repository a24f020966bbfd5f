import { withoutNames } from "../operator-config/overlay.ts";
import { changedNames } from "../traefik/chart/changed-names.ts";
import {
  type DynamicConfig,
  isRouterKey,
  kindOf,
  newConfig,
  type ResourceKey,
  resourceKey,
  SECTIONS,
  type Section,
  sectionsMade,
  splitKey,
} from "../traefik/chart/dynamic-config.ts";
import { targetsOf, usersIn } from "../traefik/chart/users.ts";

/** The services and middlewares of a configuration that no router leads to. */
export interface Unused {
  readonly config: DynamicConfig;
  readonly operatorNames: ReadonlyMap<ResourceKey, unknown>;
  readonly keys: ReadonlySet<ResourceKey>;
}

const NOTHING: DynamicConfig = newConfig();

/**
 * Finds the services and middlewares that no router of a configuration leads to, directly or through others (chains, error
 * pages, mirrors, failover). What the operator defines counts as used, with all that it refers to: routers in files that
 * portolan does not see may use it. `@file` counts as this file.
 *
 * @param known the answer for an earlier configuration: by the same names of the operator only what has changed is looked at
 */
export function unusedIn(
  config: DynamicConfig,
  operatorNames: Unused["operatorNames"],
  known: Unused | undefined,
): Unused {
  const before = known?.operatorNames === operatorNames ? known : { config: NOTHING, keys: [] };
  const isUsed = usedIn(config, (key) => operatorNames.has(key));
  const keys = new Set(before.keys);
  for (const key of mayBeUsedOtherwise(before.config, config)) {
    const { section, name } = splitKey(key);
    if (isLeftOutUnused(section) && config[section].has(name) && !isUsed(key)) keys.add(key);
    else keys.delete(key);
  }
  return { config, operatorNames, keys };
}

/** Is nothing of this section written that no router leads to? */
export function isLeftOutUnused(section: Section): boolean {
  return kindOf(section) === "services" || kindOf(section) === "middlewares";
}

/** Says whether a router leads to a name, or what counts as used does. It is found backwards: most names have a router next to them. */
export function usedIn(
  config: DynamicConfig,
  countsAsUsed: (key: ResourceKey) => boolean,
): (key: ResourceKey) => boolean {
  const usersOf = usersIn(config);
  return (key) => {
    const found = new Set([key]);
    // A set hands out what is added to it meanwhile, too.
    for (const user of found) {
      if (countsAsUsed(user) || isRouterKey(user)) return true;
      for (const next of usersOf(user)) found.add(next);
    }
    return false;
  };
}

/** What has changed, and all that it led to before or leads to now. The ways to any other name are the same. */
function mayBeUsedOtherwise(before: DynamicConfig, config: DynamicConfig): ReadonlySet<ResourceKey> {
  const keys = new Set<ResourceKey>();
  for (const section of SECTIONS) {
    for (const name of changedNames(before[section], config[section])) keys.add(resourceKey(section, name));
  }
  for (const key of keys) {
    const { section, name } = splitKey(key);
    for (const one of [before, config]) {
      const object = one[section].get(name);
      if (object !== undefined) for (const target of targetsOf(section, object)) keys.add(target);
    }
  }
  return keys;
}

/** @param before the chart of the last pass: sections that come out alike are the very maps of then */
export function withoutUnused({ config, keys }: Unused, before: DynamicConfig | undefined): DynamicConfig {
  const used = withoutNames(config, keys);
  if (before === undefined) return used;
  return sectionsMade((section) =>
    changedNames(before[section], used[section]).length === 0 ? before[section] : used[section],
  );
}
