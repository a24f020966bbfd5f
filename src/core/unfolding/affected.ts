import { changedNames } from "../traefik/chart/changed-names.ts";
import {
  type DynamicConfig,
  kindOf,
  type ResourceKey,
  resourceKey,
  SECTIONS,
} from "../traefik/chart/dynamic-config.ts";
import { referencesOf } from "../traefik/chart/references.ts";
import { usersIn } from "../traefik/chart/users.ts";

/**
 * The routers, middlewares and services that may unfold otherwise than before: those that are other objects, and all that
 * lead to one of them. Services that refer to nothing take no part in that: a server that comes or goes costs nothing here.
 */
export function affectedKeys(before: DynamicConfig, config: DynamicConfig): ReadonlySet<ResourceKey> {
  const affected = new Set<ResourceKey>();
  for (const section of SECTIONS) {
    for (const name of changedNames(before[section], config[section])) {
      const refersTo = (one: DynamicConfig) => {
        const object = one[section].get(name);
        return object !== undefined && referencesOf(section, object).length > 0;
      };
      if (kindOf(section) === "services" && !refersTo(before) && !refersTo(config)) continue;
      affected.add(resourceKey(section, name));
    }
  }
  const users = usersIn(config);
  // A set hands out what is added to it meanwhile, too.
  for (const key of affected) for (const user of users(key)) affected.add(user);
  return affected;
}
