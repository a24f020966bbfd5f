import { changedNames, changedRouters } from "../traefik/chart/changed-names.ts";
import {
  type ConfigObject,
  type DynamicConfig,
  isRouterKey,
  kindOf,
  protocolOf,
  type ResourceKey,
  resourceKey,
  SECTIONS,
  type Section,
} from "../traefik/chart/dynamic-config.ts";
import { usersIn } from "../traefik/chart/users.ts";

/** Routers that came or went, and those of which something is another object than before: no other can differ. */
export function touchedRouters(before: DynamicConfig, after: DynamicConfig): ReadonlySet<ResourceKey> {
  const touched = new Set(changedRouters(before, after));
  const users = usersIn(after);
  for (const section of SECTIONS) {
    if (kindOf(section) !== "services" && kindOf(section) !== "middlewares") continue;
    for (const name of changedNames(before[section], after[section])) {
      for (const user of users(resourceKey(section, name))) if (isRouterKey(user)) touched.add(user);
    }
  }
  return touched;
}

/** The section of a router's protocol that has what it names. UDP has no middlewares. */
export function beside(section: Section, kind: "services" | "middlewares"): Section {
  const protocol = protocolOf(section) as "http" | "tcp";
  return `${protocol}/${kind}`;
}

/** The names of a router's middlewares. */
export function middlewaresOf(router: ConfigObject): readonly string[] {
  const named = router["middlewares"];
  return Array.isArray(named) ? named.map(String) : [];
}
