import { type ConfigObject, type DynamicConfig, newConfig } from "../../src/core/traefik/chart/dynamic-config.ts";

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
