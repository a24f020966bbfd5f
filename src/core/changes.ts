import { canonicalJson } from "./canonical.ts";
import type { Memory } from "./memory.ts";
import { endpointOf, serversOf, shapeOf } from "./merge/definition.ts";
import { presenceAt } from "./presence.ts";
import { instanceKey, type ServiceInstance } from "./snapshot.ts";
import {
  type ConfigObject,
  type DynamicConfig,
  type Protocol,
  protocolOf,
  type ResourceKey,
  resourceKey,
  routersOf,
  type Section,
  splitKey,
} from "./traefik/dynamic-config.ts";

import { type Whereabouts, whereabouts } from "./whereabouts.ts";

/** One backend that came or went, and why. */
export interface ServerChange {
  /** An HTTP server's URL, a TCP or UDP server's address. */
  readonly url: string;
  readonly why: string;
  /** The instance behind it; unknown for a server of a chart that was found at the start. */
  readonly instance?: Whereabouts;
}

/** What happened to one router, in the words that go to the log: what, where, why. */
export interface RouteChange {
  /** `emptied`: it lost its last server and answers 503 now; `restored`: it has one again. */
  readonly kind: "added" | "removed" | "changed" | "servers" | "emptied" | "restored";
  readonly router: string;
  readonly protocol: Protocol;
  /** Empty for UDP, which has none. */
  readonly rule: string;
  /** The catalog service that owns the router, where it is known. */
  readonly service: string | undefined;
  /** How many servers it has now. */
  readonly servers: number;
  readonly serversAdded: readonly ServerChange[];
  readonly serversRemoved: readonly ServerChange[];
  readonly why: string;
}

interface Sides {
  readonly before: Side;
  readonly after: Side;
  readonly departureReasons: ReadonlyMap<ResourceKey, string>;
}

type Side = Pick<Memory, "owners" | "origin" | "roll" | "statics">;

/**
 * Compares two charts router by router. A router counts as changed when its own fields, a middleware it names or its
 * service's options differ; changes of servers are told apart from that.
 */
export function diffCharts(
  before: DynamicConfig | undefined,
  after: DynamicConfig,
  sides: Sides,
): readonly RouteChange[] {
  const touched: ResourceKey[] = [];
  for (const { key, section, name, router } of routersOf(after)) {
    const isSame = before !== undefined && before[section].get(name) === router;
    if (!(isSame && isUntouched(section, router, before, after))) touched.push(key);
  }
  if (before !== undefined) {
    for (const { key, section, name } of routersOf(before)) if (!after[section].has(name)) touched.push(key);
  }
  return touched
    .sort((a, b) => (a < b ? -1 : 1))
    .map((key) => diffRouter(key, before, after, sides))
    .filter((change) => change !== undefined);
}

function diffRouter(
  key: ResourceKey,
  before: DynamicConfig | undefined,
  after: DynamicConfig,
  sides: Sides,
): RouteChange | undefined {
  const { section, name: router } = splitKey(key);
  const old = before?.[section].get(router);
  const now = after[section].get(router);
  const service = serviceKeyOf(section, now ?? old);
  const oldService = serviceKeyOf(section, old);
  const oldServers = new Set(before === undefined ? [] : endpointsOf(before, oldService));
  const newServers = new Set(now === undefined ? [] : endpointsOf(after, service));
  const oldInstances = instancesBehind(oldServers, oldService, sides.before);
  const newInstances = instancesBehind(newServers, service, sides.after);
  const serversAdded = [...newServers]
    .filter((url) => !oldServers.has(url))
    .map((url) => arrival(url, sides.after.origin(service, url), sides, oldInstances));
  const serversRemoved = [...oldServers]
    .filter((url) => !newServers.has(url))
    .map((url) => departure(url, sides.before.origin(oldService, url), sides.after, newInstances));
  const facts = {
    router,
    protocol: protocolOf(section),
    rule: String((now ?? old)?.["rule"] ?? ""),
    service: (sides.after.owners.get(key) ?? sides.before.owners.get(key))?.service,
    servers: newServers.size,
    serversAdded,
    serversRemoved,
  };
  const because = sides.departureReasons.get(key);
  const operator = sides.after.statics.get(key);
  if (old === undefined) {
    const why = operator === undefined ? (serversAdded[0]?.why ?? "registered") : `defined in ${operator}`;
    return { kind: "added", ...facts, why };
  }
  if (now === undefined) return { kind: "removed", ...facts, why: because ?? whyRemoved(key, sides) };
  const firstRemoved = serversRemoved[0]?.why;
  if (oldServers.size > 0 && newServers.size === 0) {
    return { kind: "emptied", ...facts, why: because ?? firstRemoved ?? "no healthy instance" };
  }
  if (oldServers.size === 0 && newServers.size > 0) {
    return { kind: "restored", ...facts, why: serversAdded[0]?.why ?? "registered" };
  }
  if (meaningOf(section, old, before ?? after) !== meaningOf(section, now, after)) {
    return { kind: "changed", ...facts, why: operator === undefined ? "its tags changed" : `changed in ${operator}` };
  }
  if (serversAdded.length === 0 && serversRemoved.length === 0) return undefined;
  return { kind: "servers", ...facts, why: serversAdded[0]?.why ?? firstRemoved ?? "" };
}

function whyRemoved(key: ResourceKey, { before, after }: Sides): string {
  if (after.statics.has(key)) return "what it refers to is gone";
  const operator = before.statics.get(key);
  return operator === undefined ? "replaced by another router" : `no longer defined in ${operator}`;
}

/** `SECTION/NAME` of the service that a router names; the section of its own protocol. */
function serviceKeyOf(section: Section, router: ConfigObject | undefined): ResourceKey {
  return resourceKey(beside(section, "services"), String(router?.["service"] ?? ""));
}

function beside(section: Section, kind: "services" | "middlewares"): Section {
  const protocol = protocolOf(section) as "http" | "tcp";
  return `${protocol}/${kind}`;
}

function endpointsOf(config: DynamicConfig, service: ResourceKey): readonly string[] {
  const { section, name } = splitKey(service);
  const object = config[section].get(name);
  return object === undefined ? [] : serversOf(object).map(endpointOf);
}

/** What is the same object as before has the same meaning: nothing to compare. */
function isUntouched(section: Section, router: ConfigObject, before: DynamicConfig, after: DynamicConfig): boolean {
  const services = beside(section, "services");
  const service = String(router["service"]);
  if (before[services].get(service) !== after[services].get(service)) return false;
  if (section === "udp/routers" || router["middlewares"] === undefined) return true;
  const middlewares = beside(section, "middlewares");
  return middlewaresOf(router).every((name) => before[middlewares].get(name) === after[middlewares].get(name));
}

/** A router with its middlewares and its service's options, as text. */
function meaningOf(section: Section, router: ConfigObject, config: DynamicConfig): string {
  const [service, ...middlewares] = linkedTo(section, router, config);
  return canonicalJson([
    router,
    ...middlewares.map((middleware) => middleware ?? ""),
    service === undefined ? "" : shapeOf(service),
  ]);
}

/** The service that a router names, then its middlewares. UDP has no middlewares. */
function linkedTo(
  section: Section,
  router: ConfigObject,
  config: DynamicConfig,
): readonly (ConfigObject | undefined)[] {
  const service = config[beside(section, "services")].get(String(router["service"]));
  if (section === "udp/routers") return [service];
  return [service, ...middlewaresOf(router).map((name) => config[beside(section, "middlewares")].get(name))];
}

function middlewaresOf(router: ConfigObject): readonly string[] {
  const named = router["middlewares"];
  return Array.isArray(named) ? named.map(String) : [];
}

/** The keys of the instances whose servers these are. */
function instancesBehind(servers: Iterable<string>, service: ResourceKey, { origin }: Side): Set<string | undefined> {
  return new Set(
    Array.from(servers, (url) => {
      const instance = origin(service, url);
      return instance && instanceKey(instance);
    }),
  );
}

function arrival(
  url: string,
  instance: ServiceInstance | undefined,
  { before, after }: Readonly<Record<"before" | "after", Side>>,
  oldInstances: ReadonlySet<string | undefined>,
): ServerChange {
  const key = instance === undefined ? undefined : instanceKey(instance);
  const was = instance === undefined ? undefined : presenceAt(before.roll, instance);
  const now = instance === undefined ? undefined : presenceAt(after.roll, instance);
  return { url, why: why(), ...whereabouts(instance) };

  function why(): string {
    switch (was?.kind) {
      case undefined:
        return "registered";
      case "routed":
        return oldInstances.has(key) ? "moved" : "took over";
      case "unhealthy":
        return now?.why ?? "healthy again";
      case "hidden":
      case "refused":
        return "its tags changed";
    }
  }
}

function departure(
  url: string,
  instance: ServiceInstance | undefined,
  after: Side,
  newInstances: ReadonlySet<string | undefined>,
): ServerChange {
  if (instance === undefined) return { url, why: "gone from the catalog" };
  const now = presenceAt(after.roll, instance);
  const hasGivenWay = instance.catalogName !== undefined && !newInstances.has(instanceKey(instance));
  const routed = hasGivenWay ? "gave way to another catalog" : "moved";
  const why = now === undefined ? "deregistered" : now.kind === "routed" ? routed : now.why;
  return { url, why, ...whereabouts(instance) };
}
