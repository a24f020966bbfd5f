import { withServers } from "../merge/definition.ts";
import type { ConfigObject, HttpConfig, HttpSection } from "../traefik/dynamic-config.ts";
import { isLocal, referencesOf } from "../traefik/references.ts";

export interface Kept {
  /** Routers that keep the servers of the published chart. */
  readonly held: Iterable<string>;
  /** Routers that stay without servers and answer 503. */
  readonly emptied: Iterable<string>;
}

/**
 * The desired configuration together with routers of the published chart that must not leave yet, and everything they
 * refer to. What the desired configuration defines counts before the published chart. A service that a held router needs
 * keeps its servers, also where an emptied one refers to it.
 */
export function keepPublished(desired: HttpConfig, published: HttpConfig, { held, emptied }: Kept): HttpConfig {
  const config = {
    routers: new Map(desired.routers),
    services: new Map(desired.services),
    middlewares: new Map(desired.middlewares),
  };

  function keep(
    section: HttpSection,
    name: string,
    change: (section: HttpSection, o: ConfigObject) => ConfigObject,
  ): void {
    const object = published[section].get(name);
    if (config[section].has(name) || object === undefined) return;
    config[section].set(name, change(section, object));
    for (const reference of referencesOf(section, object)) {
      if (!isLocal(reference.name)) continue;
      if (reference.kind === "service") keep("services", reference.name, change);
      if (reference.kind === "middleware") keep("middlewares", reference.name, change);
    }
  }

  for (const router of held) keep("routers", router, (_, object) => object);
  for (const router of emptied) {
    keep("routers", router, (section, object) =>
      section === "services" && "loadBalancer" in object ? withServers(object, []) : object,
    );
  }
  return config;
}
