import { nodeNameOf } from "../catalog/node-name.ts";
import { instanceKey, namespaceOf, type ServiceInstance } from "../catalog/snapshot.ts";
import type { Diagnostic } from "../diagnostics/diagnostics.ts";
import { diagnose } from "../diagnostics/finding.ts";
import { canaryPercentOf } from "../traefik/chart/canary-share.ts";
import {
  type ConfigObject,
  type ConfigValue,
  kindOf,
  type ResourceKey,
  resourceKey,
  type Section,
} from "../traefik/chart/dynamic-config.ts";
import { meaningOf } from "../traefik/chart/meaning.ts";
import { endpointOf, isSameButForServers, serversOf, withServers } from "../traefik/chart/servers.ts";

/** What one instance says that a name means. */
export interface InstanceDefinition {
  readonly section: Section;
  readonly name: string;
  /** The catalog service, by its key. */
  readonly service: string;
  readonly instance: ServiceInstance;
  readonly object: ConfigObject;
  /** The instance is marked as a canary. */
  readonly isCanary: boolean;
  /** No instance of its service gets traffic: this one lends the definition to others. */
  readonly isAway: boolean;
}

/** What one catalog service says that a name means: the definitions of its instances, united. */
export interface Definition {
  readonly section: Section;
  readonly name: string;
  readonly key: ResourceKey;
  readonly service: string;
  /** The name of the service's catalog, where several are charted. */
  readonly catalogName: string | undefined;
  /** Of the service: names are shared within one namespace only. */
  readonly namespace: string;
  readonly object: ConfigObject;
  /** Meaning without the servers, as text: equal texts may share the name. */
  readonly shape: string;
  /** The catalog's index at the first registration of any instance that defines it: the lower, the older. */
  readonly createIndex: number;
  readonly instances: readonly ServiceInstance[];
  /** All of these are marked as canaries. */
  readonly isCanary: boolean;
  /** None of these gets traffic: the definition is lent to others. */
  readonly isAway: boolean;
  /** Which instance each server came from, by its endpoint. */
  readonly origins: ReadonlyMap<string, ServiceInstance>;
  /** What is reported about the instances that disagree. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Newest first; instances of one registration index in the order of their keys. */
function newestFirst(a: InstanceDefinition, b: InstanceDefinition): number {
  return (
    b.instance.createIndex - a.instance.createIndex || (instanceKey(a.instance) < instanceKey(b.instance) ? -1 : 1)
  );
}

/**
 * Unites what one service's instances define by one name. While a deploy rolls, old and new instances disagree, and the newest
 * healthy definition counts, where Traefik's built-in provider would delete the name; the servers of all of them serve.
 */
export function uniteDefinitions(definitions: readonly InstanceDefinition[]): Definition | undefined {
  const sorted = [...definitions].sort(newestFirst);
  const [newest] = sorted;
  if (newest === undefined) return undefined;
  const { section, name, service } = newest;
  const shape = meaningOf(section, newest.object);
  const diagnostics: Diagnostic[] = [];
  const servers = new Map<string, ConfigValue>();
  const origins = new Map<string, ServiceInstance>();
  let leastPercent = Number.POSITIVE_INFINITY;
  for (const { object } of sorted) {
    for (const server of serversOf(object))
      leastPercent = Math.min(leastPercent, canaryPercentOf(server) ?? leastPercent);
  }
  for (const one of sorted) {
    if (!isSameButForServers(one.object, newest.object) && meaningOf(section, one.object) !== shape) {
      diagnostics.push(
        diagnose(one.instance, {
          code: "DEFINITION_SUPERSEDED",
          message: `${resourceKey(section, name)} is defined differently by the newer instance ${newest.instance.id} on ${nodeNameOf(newest.instance)}, whose definition counts`,
          remedy: "nothing, if a deploy is under way; else give all instances of the service equal tags",
        }),
      );
    }
    for (const server of serversOf(one.object)) {
      const percent = canaryPercentOf(server);
      if (percent !== undefined && percent > leastPercent) diagnostics.push(largerShare(one, percent, leastPercent));
      const url = endpointOf(server);
      if (servers.has(url)) continue;
      servers.set(url, server);
      origins.set(url, one.instance);
    }
  }
  return {
    section,
    name,
    key: resourceKey(section, name),
    service,
    catalogName: newest.instance.catalogName,
    namespace: namespaceOf(newest.instance),
    object: kindOf(section) === "services" ? withServers(newest.object, servers.values()) : newest.object,
    shape,
    createIndex: Math.min(...definitions.map((one) => one.instance.createIndex)),
    instances: sorted.map((one) => one.instance),
    isCanary: sorted.every((one) => one.isCanary),
    isAway: newest.isAway,
    origins: origins.size === 0 ? NO_ORIGINS : origins,
    diagnostics,
  };
}

/** Canaries of one service have one share together. Of several the least counts, so that none gets more than was meant. */
function largerShare({ section, name, instance }: InstanceDefinition, percent: number, least: number): Diagnostic {
  return diagnose(instance, {
    code: "VALUE_IGNORED",
    message: `tag portolan.canary.weight says ${percent}, and another canary of ${resourceKey(section, name)} says ${least}, which counts for all of them together`,
    remedy: "give all canaries of the service the same weight",
  });
}

/** Routers and middlewares have no servers; thousands of empty maps would cost as much as those of services. */
const NO_ORIGINS: Definition["origins"] = new Map();
