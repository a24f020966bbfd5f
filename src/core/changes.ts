import { canonicalJson } from "./canonical.ts";
import type { Memory } from "./memory.ts";
import { serversOf, shapeOf, urlOf } from "./merge/definition.ts";
import type { HttpConfig } from "./traefik/dynamic-config.ts";

/** One backend that came or went, and why. */
export interface ServerChange {
  readonly url: string;
  readonly why: string;
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
  const old = before?.routers.get(router);
  const now = after.routers.get(router);
  const service = String((now ?? old)?.["service"] ?? "");
  const oldService = String(old?.["service"] ?? "");
  const oldServers = new Set(before === undefined ? [] : urlsOf(before, oldService));
  const newServers = new Set(now === undefined ? [] : urlsOf(after, service));
  const oldInstances = new Set([...oldServers].map((url) => sides.before.origins.get(`${oldService} ${url}`)));
  const serversAdded = [...newServers]
    .filter((url) => !oldServers.has(url))
    .map((url) => ({ url, why: arrival(service, url, sides, oldInstances) }));
  const serversRemoved = [...oldServers]
    .filter((url) => !newServers.has(url))
    .map((url) => ({ url, why: departure(oldService, url, sides) }));
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

/** A router with its middlewares and its service's options, as text. */
function meaningOf(config: HttpConfig, router: string): string {
  const object = config.routers.get(router);
  if (object === undefined) return "";
  const middlewares = object["middlewares"];
  const named = Array.isArray(middlewares) ? middlewares : [];
  const service = config.services.get(String(object["service"]));
  return canonicalJson([
    object,
    ...named.map((name) => config.middlewares.get(String(name)) ?? ""),
    service === undefined ? "" : shapeOf(service),
  ]);
}

function arrival(
  service: string,
  url: string,
  { before, after }: { before: Side; after: Side },
  oldInstances: ReadonlySet<string | undefined>,
): string {
  const instance = after.origins.get(`${service} ${url}`);
  const was = instance === undefined ? undefined : before.presence.get(instance);
  switch (was?.kind) {
    case undefined:
      return "registered";
    case "routed":
      return oldInstances.has(instance) ? "moved" : "took over";
    case "unhealthy":
      return "healthy again";
    case "hidden":
    case "refused":
      return "its tags changed";
  }
}

function departure(service: string, url: string, { before, after }: { before: Side; after: Side }): string {
  const instance = before.origins.get(`${service} ${url}`);
  if (instance === undefined) return "gone from the catalog";
  const now = after.presence.get(instance);
  if (now === undefined) return "deregistered";
  return now.kind === "routed" ? "moved" : now.why;
}
