import { allocationOf } from "./allocation.ts";
import { canonicalJson } from "./canonical.ts";
import type { Memory } from "./memory.ts";
import { serversOf, shapeOf, urlOf } from "./merge/definition.ts";
import { instanceKey, type ServiceInstance } from "./snapshot.ts";
import type { ConfigObject, HttpConfig } from "./traefik/dynamic-config.ts";

/** One backend that came or went, and why. */
export interface ServerChange {
  readonly url: string;
  readonly why: string;
  /** The instance behind it; unknown for a server of a chart that was found at the start. */
  readonly instance?: { readonly id: string; readonly node: string; readonly allocation?: string };
}

/** What happened to one router, in the words that go to the log: what, where, why. */
export interface RouteChange {
  /** `emptied`: it lost its last server and answers 503 now; `restored`: it has one again. */
  readonly kind: "added" | "removed" | "changed" | "servers" | "emptied" | "restored";
  readonly router: string;
  readonly rule: string;
  /** The catalog service that owns the router, where it is known. */
  readonly service: string | undefined;
  /** How many servers it has now. */
  readonly servers: number;
  readonly serversAdded: readonly ServerChange[];
  readonly serversRemoved: readonly ServerChange[];
  readonly why: string;
}

type Side = Pick<Memory, "owners" | "origins" | "presence">;

/**
 * Compares two charts router by router. A router counts as changed when its own fields, a middleware it names or its
 * service's options differ; changes of servers are told apart from that.
 */
export function diffCharts(
  before: HttpConfig | undefined,
  after: HttpConfig,
  sides: { readonly before: Side; readonly after: Side; readonly departureReasons: ReadonlyMap<string, string> },
): readonly RouteChange[] {
  const names = new Set([...(before?.routers.keys() ?? []), ...after.routers.keys()]);
  const changes: RouteChange[] = [];
  for (const router of [...names].sort()) {
    const change = diffRouter(router, before, after, sides);
    if (change !== undefined) changes.push(change);
  }
  return changes;
}

function diffRouter(
  router: string,
  before: HttpConfig | undefined,
  after: HttpConfig,
  sides: Parameters<typeof diffCharts>[2],
): RouteChange | undefined {
  if (before !== undefined && isUntouched(router, before, after)) return undefined;
  const old = before?.routers.get(router);
  const now = after.routers.get(router);
  const service = String((now ?? old)?.["service"] ?? "");
  const oldService = String(old?.["service"] ?? "");
  const oldServers = new Set(before === undefined ? [] : urlsOf(before, oldService));
  const newServers = new Set(now === undefined ? [] : urlsOf(after, service));
  const oldInstances = new Set(
    [...oldServers].map((url) => {
      const instance = sides.before.origins.get(`${oldService} ${url}`);
      return instance && instanceKey(instance);
    }),
  );
  const serversAdded = [...newServers]
    .filter((url) => !oldServers.has(url))
    .map((url) => arrival(url, sides.after.origins.get(`${service} ${url}`), sides.before, oldInstances));
  const serversRemoved = [...oldServers]
    .filter((url) => !newServers.has(url))
    .map((url) => departure(url, sides.before.origins.get(`${oldService} ${url}`), sides.after));
  const owner = (sides.after.owners.get(`routers/${router}`) ?? sides.before.owners.get(`routers/${router}`))?.service;
  const facts = {
    router,
    rule: String((now ?? old)?.["rule"] ?? ""),
    service: owner,
    servers: newServers.size,
    serversAdded,
    serversRemoved,
  };
  const because = sides.departureReasons.get(router);
  if (old === undefined) return { kind: "added", ...facts, why: serversAdded[0]?.why ?? "registered" };
  if (now === undefined) return { kind: "removed", ...facts, why: because ?? "replaced by another router" };
  const firstRemoved = serversRemoved[0]?.why;
  if (oldServers.size > 0 && newServers.size === 0) {
    return { kind: "emptied", ...facts, why: because ?? firstRemoved ?? "no healthy instance" };
  }
  if (oldServers.size === 0 && newServers.size > 0) {
    return { kind: "restored", ...facts, why: serversAdded[0]?.why ?? "registered" };
  }
  if (meaningOf(before ?? after, router) !== meaningOf(after, router)) {
    return { kind: "changed", ...facts, why: "its tags changed" };
  }
  if (serversAdded.length === 0 && serversRemoved.length === 0) return undefined;
  return { kind: "servers", ...facts, why: serversAdded[0]?.why ?? firstRemoved ?? "" };
}

function urlsOf(config: HttpConfig, service: string): readonly string[] {
  const object = config.services.get(service);
  return object === undefined ? [] : serversOf(object).map(urlOf);
}

/** What is the same object as before has the same meaning: nothing to compare. */
function isUntouched(router: string, before: HttpConfig, after: HttpConfig): boolean {
  const object = after.routers.get(router);
  if (object === undefined || before.routers.get(router) !== object) return false;
  const service = String(object["service"]);
  if (before.services.get(service) !== after.services.get(service)) return false;
  return middlewaresOf(object).every((name) => before.middlewares.get(name) === after.middlewares.get(name));
}

/** A router with its middlewares and its service's options, as text. */
function meaningOf(config: HttpConfig, router: string): string {
  const object = config.routers.get(router);
  if (object === undefined) return "";
  const service = config.services.get(String(object["service"]));
  return canonicalJson([
    object,
    ...middlewaresOf(object).map((name) => config.middlewares.get(name) ?? ""),
    service === undefined ? "" : shapeOf(service),
  ]);
}

function middlewaresOf(router: ConfigObject): readonly string[] {
  const named = router["middlewares"];
  return Array.isArray(named) ? named.map(String) : [];
}

function arrival(
  url: string,
  instance: ServiceInstance | undefined,
  before: Side,
  oldInstances: ReadonlySet<string | undefined>,
): ServerChange {
  const key = instance === undefined ? undefined : instanceKey(instance);
  const was = key === undefined ? undefined : before.presence.get(key);
  return { url, why: why(), ...whereabouts(instance) };

  function why(): string {
    switch (was?.kind) {
      case undefined:
        return "registered";
      case "routed":
        return oldInstances.has(key) ? "moved" : "took over";
      case "unhealthy":
        return "healthy again";
      case "hidden":
      case "refused":
        return "its tags changed";
    }
  }
}

function departure(url: string, instance: ServiceInstance | undefined, after: Side): ServerChange {
  if (instance === undefined) return { url, why: "gone from the catalog" };
  const now = after.presence.get(instanceKey(instance));
  const why = now === undefined ? "deregistered" : now.kind === "routed" ? "moved" : now.why;
  return { url, why, ...whereabouts(instance) };
}

function whereabouts(instance: ServiceInstance | undefined): Pick<ServerChange, "instance"> {
  if (instance === undefined) return {};
  const { id, node } = instance;
  const allocation = allocationOf(id);
  return { instance: { id, node, ...(allocation === undefined ? {} : { allocation }) } };
}
