import {
  type ConfigObject,
  type DynamicConfig,
  newConfig,
  resourceKey,
  routersOf,
  type Section,
} from "../../src/core/traefik/chart/dynamic-config.ts";
import { referencesOf, targetOf } from "../../src/core/traefik/chart/references.ts";

type Entries = Readonly<Record<string, ConfigObject>>;

/** An HTTP configuration from plain objects. */
export function chart(sections: { routers?: Entries; services?: Entries; middlewares?: Entries }): DynamicConfig {
  const { routers = {}, services = {}, middlewares = {} } = sections;
  return {
    ...newConfig(),
    "http/routers": new Map(Object.entries(routers)),
    "http/services": new Map(Object.entries(services)),
    "http/middlewares": new Map(Object.entries(middlewares)),
  };
}

/** A router to the service of the same name. */
export function router(name: string, middlewares?: readonly string[]): ConfigObject {
  return { rule: `Host(\`${name}\`)`, service: name, ...(middlewares === undefined ? {} : { middlewares }) };
}

/** A service with these servers. */
export function served(...urls: readonly string[]): ConfigObject {
  return { loadBalancer: { servers: urls.map((url) => ({ url })) } };
}

/** All that the routers of a chart lead to, directly or through others. */
export function namesLedTo(chart: DynamicConfig): ReadonlySet<string> {
  const found = new Set<string>();
  const follow = (section: Section, object: ConfigObject): void => {
    for (const reference of referencesOf(section, object)) {
      const target = targetOf(section, reference);
      const name = reference.name.replace(/@file$/, "");
      if (target === undefined || found.has(resourceKey(target, name))) continue;
      found.add(resourceKey(target, name));
      const next = chart[target].get(name);
      if (next !== undefined) follow(target, next);
    }
  };
  for (const { section, router } of routersOf(chart)) follow(section, router);
  return found;
}
