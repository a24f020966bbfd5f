import { type ClosedForm, closedForm, WITHOUT_SERVERS } from "../traefik/chart/closed-router.ts";
import { patchConfig } from "../traefik/chart/config-patch.ts";
import {
  type ConfigObject,
  type DynamicConfig,
  isRouterSection,
  kindOf,
  type ResourceKey,
  resourceKey,
  type Section,
  splitKey,
} from "../traefik/chart/dynamic-config.ts";
import { isLocal, referencesOf, targetOf } from "../traefik/chart/references.ts";
import { endpointOf, serversOf, withServers } from "../traefik/chart/servers.ts";
import { asksServer } from "../traefik/connections/asks-server.ts";
import type { ReusedServers } from "./reused-ports.ts";

export interface Retained {
  /** Routers that keep the servers of the published chart … */
  readonly held: Iterable<ResourceKey>;
  /** … but for these: another service has their port now. */
  readonly reused?: ReusedServers;
  /** Routers that stay without servers and answer 503, without asking a server whose definition has left with them. */
  readonly emptied: Iterable<ResourceKey>;
}

/**
 * The desired configuration together with routers of the published chart that must not go yet, and everything they
 * refer to. What the desired configuration defines counts before the published chart. A service that a held router needs
 * keeps its servers, also where an emptied one refers to it. An emptied router with a middleware that asks a server, and
 * that is defined no more, is closed: the port that it asks may be another service's by now, which would see the visitors'
 * requests and answer them.
 */
export function retainPublished(
  desired: DynamicConfig,
  published: DynamicConfig,
  { held, emptied, reused = new Map() }: Retained,
): DynamicConfig {
  const [heldKeys, emptiedKeys] = [[...held], [...emptied]];
  if (heldKeys.length + emptiedKeys.length === 0) return desired;
  const config = patchConfig(desired);

  function retain(section: Section, name: string, change: (o: ConfigObject, key: ResourceKey) => ConfigObject): void {
    const object = published[section].get(name);
    if (config.get(section, name) !== undefined || object === undefined) return;
    config.put(section, name, change(object, resourceKey(section, name)));
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
    const closed = closedIfItAsks(router, desired, published);
    if (closed !== undefined) {
      const [own, service] = [splitKey(router), splitKey(closed.service)];
      config.put(own.section, own.name, closed.router);
      config.put(service.section, service.name, WITHOUT_SERVERS);
      continue;
    }
    retainRouter(router, (object, key) =>
      kindOf(splitKey(key).section) === "services" && "loadBalancer" in object ? withServers(object, []) : object,
    );
  }
  return config.result();
}

/** The closed form of a published router, where a middleware that only the published chart defines would ask a server for it. */
function closedIfItAsks(key: ResourceKey, desired: DynamicConfig, published: DynamicConfig): ClosedForm | undefined {
  const { section, name } = splitKey(key);
  const router = published[section].get(name);
  if (router === undefined || !isRouterSection(section) || desired[section].has(name)) return undefined;
  const seen = new Set<ResourceKey>();
  function asks(from: Section, object: ConfigObject): boolean {
    return referencesOf(from, object).some((reference) => {
      const target = targetOf(from, reference);
      if (reference.kind !== "middleware" || target === undefined || !isLocal(reference.name)) return false;
      const middleware = desired[target].has(reference.name) ? undefined : published[target].get(reference.name);
      const targetKey = resourceKey(target, reference.name);
      if (middleware === undefined || seen.has(targetKey)) return false;
      seen.add(targetKey);
      return asksServer(target, middleware) || asks(target, middleware);
    });
  }
  return asks(section, router) ? closedForm(section, name, router) : undefined;
}

function withoutServers(object: ConfigObject, reused: ReadonlyMap<string, string> = new Map()): ConfigObject {
  const servers = serversOf(object);
  const left = servers.filter((server) => !reused.has(endpointOf(server)));
  return left.length === servers.length ? object : withServers(object, left);
}
