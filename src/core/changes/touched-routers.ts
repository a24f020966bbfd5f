import { changedNames } from "../traefik/chart/changed-names.ts";
import {
  type ConfigObject,
  type DynamicConfig,
  protocolOf,
  type ResourceKey,
  ROUTER_SECTIONS,
  resourceKey,
  type Section,
} from "../traefik/chart/dynamic-config.ts";

/** Routers that came or went, and those of which something is another object than before: no other can differ. */
export function* touchedRouters(before: DynamicConfig, after: DynamicConfig): Generator<ResourceKey> {
  const changedIn = (section: Section) => new Set(changedNames(before[section], after[section]));
  for (const section of ROUTER_SECTIONS) {
    const own = changedIn(section);
    const services = changedIn(beside(section, "services"));
    const middlewares = section === "udp/routers" ? undefined : changedIn(beside(section, "middlewares"));
    for (const name of own) yield resourceKey(section, name);
    const isMiddlewareChanged = (name: string) => middlewares?.has(name) === true;
    if (services.size === 0 && !middlewares?.size) continue;
    for (const [name, router] of after[section]) {
      if (own.has(name)) continue;
      if (services.has(String(router["service"]))) yield resourceKey(section, name);
      else if (middlewares?.size && middlewaresOf(router).some(isMiddlewareChanged)) yield resourceKey(section, name);
    }
  }
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
