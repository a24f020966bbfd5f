import { type InstanceLabel, instanceLabel } from "./catalog/instance-label.ts";
import { instanceKey, type ServiceInstance } from "./catalog/snapshot.ts";
import { finish, type Steps } from "./incremental/steps.ts";
import { stateAt } from "./instances/instance-state.ts";
import type { Memory } from "./memory.ts";
import { canonicalJson } from "./traefik/chart/canonical-json.ts";
import { changedNames } from "./traefik/chart/changed-names.ts";
import {
  type ConfigObject,
  type DynamicConfig,
  type Protocol,
  protocolOf,
  type ResourceKey,
  ROUTER_SECTIONS,
  resourceKey,
  routersOf,
  type Section,
  splitKey,
} from "./traefik/chart/dynamic-config.ts";
import { endpointOf, serversOf, shapeOf } from "./traefik/chart/servers.ts";

/** One backend that came or went, and why. */
export interface ServerChange {
  /** An HTTP server's URL, a TCP or UDP server's address. */
  readonly url: string;
  readonly why: string;
  /** The instance behind it; unknown for a server of a chart that was found at the start. */
  readonly instance?: InstanceLabel;
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
  readonly removalReasons: ReadonlyMap<ResourceKey, string>;
  /** Server of a held service, by its URL or address → the service that has its port now. */
  readonly reused?: ReadonlyMap<string, string>;
}

type Side = Pick<Memory, "owners" | "origin" | "services" | "operatorConfig">;

/**
 * Compares two charts router by router. A router counts as changed when its own fields, a middleware it names or its
 * service's options differ; changes of servers are told apart from that.
 */
export function diffCharts(
  before: DynamicConfig | undefined,
  after: DynamicConfig,
  sides: Sides,
): readonly RouteChange[] {
  return finish(diffInSteps(before, after, sides));
}

/** The same, one router a step. */
export function* diffInSteps(
  before: DynamicConfig | undefined,
  after: DynamicConfig,
  sides: Sides,
): Steps<readonly RouteChange[]> {
  const touched = before === undefined ? [...routersOf(after)].map(({ key }) => key) : touchedRouters(before, after);
  const changes: RouteChange[] = [];
  for (const key of [...touched].sort()) {
    const change = diffRouter(key, before, after, sides);
    if (change !== undefined) changes.push(change);
    yield;
  }
  return changes;
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
    .map((url) => departure(url, sides.before.origin(oldService, url), sides, newInstances));
  const facts = {
    router,
    protocol: protocolOf(section),
    rule: String((now ?? old)?.["rule"] ?? ""),
    service: (sides.after.owners.get(key) ?? sides.before.owners.get(key))?.service,
    servers: newServers.size,
    serversAdded,
    serversRemoved,
  };
  const because = sides.removalReasons.get(key);
  const operator = sides.after.operatorConfig.get(key);
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
  if (after.operatorConfig.has(key)) return "what it refers to is gone";
  const operator = before.operatorConfig.get(key);
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

/** Routers that came or went, and those of which something is another object than before: no other can differ. */
function* touchedRouters(before: DynamicConfig, after: DynamicConfig): Generator<ResourceKey> {
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
  const was = instance === undefined ? undefined : stateAt(before.services, instance);
  const now = instance === undefined ? undefined : stateAt(after.services, instance);
  return { url, why: why(), ...instanceLabel(instance) };

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
  { after, reused }: Sides,
  newInstances: ReadonlySet<string | undefined>,
): ServerChange {
  const successor = reused?.get(url);
  if (successor !== undefined) return { url, why: `its port is ${successor}'s now`, ...instanceLabel(instance) };
  if (instance === undefined) return { url, why: "gone from the catalog" };
  const now = stateAt(after.services, instance);
  const hasGivenWay = instance.catalogName !== undefined && !newInstances.has(instanceKey(instance));
  const routed = hasGivenWay ? "gave way to another catalog" : "moved";
  const why = now === undefined ? "deregistered" : now.kind === "routed" ? routed : now.why;
  return { url, why, ...instanceLabel(instance) };
}
