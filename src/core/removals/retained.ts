import {
  type ConfigObject,
  type DynamicConfig,
  kindOf,
  newConfig,
  type ResourceKey,
  resourceKey,
  type Section,
  splitKey,
} from "../traefik/chart/dynamic-config.ts";
import { isLocal, referencesOf, targetOf } from "../traefik/chart/references.ts";
import { endpointOf, serversOf, withServers } from "../traefik/chart/servers.ts";
import type { ReusedServers } from "./reused-ports.ts";

export interface Retained {
  /** Routers that keep the servers of the published chart … */
  readonly held: Iterable<ResourceKey>;
  /** … but for these: another service has their port now. */
  readonly reused?: ReusedServers;
  /** Routers that stay without servers and answer 503. */
  readonly emptied: Iterable<ResourceKey>;
}

/**
 * The desired configuration together with routers of the published chart that must not go yet, and everything they
 * refer to. What the desired configuration defines counts before the published chart. A service that a held router needs
 * keeps its servers, also where an emptied one refers to it.
 */
export function retainPublished(
  desired: DynamicConfig,
  published: DynamicConfig,
  { held, emptied, reused = new Map() }: Retained,
): DynamicConfig {
  const [heldKeys, emptiedKeys] = [[...held], [...emptied]];
  if (heldKeys.length + emptiedKeys.length === 0) return desired;
  const config = newConfig(desired);

  function retain(section: Section, name: string, change: (o: ConfigObject, key: ResourceKey) => ConfigObject): void {
    const object = published[section].get(name);
    if (config[section].has(name) || object === undefined) return;
    config[section].set(name, change(object, resourceKey(section, name)));
    for (const reference of referencesOf(section, object)) {
      const target = targetOf(section, reference);
      if (target !== undefined && isLocal(reference.name)) retain(target, reference.name, change);
    }
  }

  function retainRouter(router: ResourceKey, change: (o: ConfigObject, key: ResourceKey) => ConfigObject): void {
    const { section, name } = splitKey(router);
    retain(section, name, change);
  }

  for (const router of heldKeys) retainRouter(router, (object, key) => withoutServers(object, reused.get(key)));
  for (const router of emptiedKeys) {
    retainRouter(router, (object, key) =>
      kindOf(splitKey(key).section) === "services" && "loadBalancer" in object ? withServers(object, []) : object,
    );
  }
  return config;
}

function withoutServers(object: ConfigObject, reused: ReadonlyMap<string, string> = new Map()): ConfigObject {
  const servers = serversOf(object);
  const left = servers.filter((server) => !reused.has(endpointOf(server)));
  return left.length === servers.length ? object : withServers(object, left);
}
