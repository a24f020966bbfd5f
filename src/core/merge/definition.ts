import { instanceKey, type ServiceInstance } from "../catalog/snapshot.ts";
import type { Diagnostic } from "../diagnostics/diagnostics.ts";
import { diagnose } from "../diagnostics/finding.ts";
import {
  type ConfigObject,
  type ConfigValue,
  kindOf,
  type ResourceKey,
  resourceKey,
  type Section,
} from "../traefik/chart/dynamic-config.ts";
import { endpointOf, serversOf, shapeText, withServers } from "../traefik/chart/servers.ts";

/** One instance's word on what a name means. */
export interface Claim {
  readonly section: Section;
  readonly name: string;
  /** The catalog service, by its key. */
  readonly service: string;
  readonly instance: ServiceInstance;
  readonly object: ConfigObject;
}

/** What one catalog service says a name means, after its instances have been heard. */
export interface Definition {
  readonly section: Section;
  readonly name: string;
  readonly key: ResourceKey;
  readonly service: string;
  /** The name of the service's catalog, where several are charted. */
  readonly catalogName: string | undefined;
  readonly object: ConfigObject;
  /** Meaning without the servers, as text: equal texts may share the name. */
  readonly shape: string;
  /** The catalog's index at the first registration of any claiming instance: the lower, the older. */
  readonly createIndex: number;
  readonly instances: readonly ServiceInstance[];
  /** Which instance each server came from, by its endpoint. */
  readonly origins: ReadonlyMap<string, ServiceInstance>;
  /** What had to be said about the instances that disagree. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Newest first; instances of one registration index in the order of their keys. */
function newestFirst(a: Claim, b: Claim): number {
  return (
    b.instance.createIndex - a.instance.createIndex || (instanceKey(a.instance) < instanceKey(b.instance) ? -1 : 1)
  );
}

/**
 * Unites the claims of one service's instances to one name. While a deploy rolls, old and new instances disagree, and the newest
 * healthy definition counts, where Traefik's built-in provider would delete the name; the servers of all of them serve.
 */
export function uniteClaims(claims: readonly Claim[]): Definition | undefined {
  const sorted = [...claims].sort(newestFirst);
  const [newest] = sorted;
  if (newest === undefined) return undefined;
  const { section, name, service } = newest;
  const shape = shapeText(newest.object);
  const diagnostics: Diagnostic[] = [];
  const servers = new Map<string, ConfigValue>();
  const origins = new Map<string, ServiceInstance>();
  for (const claim of sorted) {
    if (claim !== newest && shapeText(claim.object) !== shape) {
      diagnostics.push(
        diagnose(claim.instance, {
          code: "DEFINITION_SUPERSEDED",
          message: `${resourceKey(section, name)} is defined differently by the newer instance ${newest.instance.id} on ${newest.instance.node}, whose definition counts`,
          remedy: "nothing, if a deploy is under way; else give all instances of the service equal tags",
        }),
      );
    }
    for (const server of serversOf(claim.object)) {
      const url = endpointOf(server);
      if (servers.has(url)) continue;
      servers.set(url, server);
      origins.set(url, claim.instance);
    }
  }
  return {
    section,
    name,
    key: resourceKey(section, name),
    service,
    catalogName: newest.instance.catalogName,
    object: kindOf(section) === "services" ? withServers(newest.object, servers.values()) : newest.object,
    shape,
    createIndex: Math.min(...claims.map((claim) => claim.instance.createIndex)),
    instances: sorted.map((claim) => claim.instance),
    origins: origins.size === 0 ? NO_ORIGINS : origins,
    diagnostics,
  };
}

/** Routers and middlewares have no servers; thousands of empty maps would cost as much as those of services. */
const NO_ORIGINS: Definition["origins"] = new Map();
