import { type Clock, systemClock } from "../../../src/base/clock.ts";
import { type CatalogServer, type CatalogServerOptions, startCatalogServer } from "../../../src/simulator/server.ts";
import { type Catalog, createCatalog } from "../../../src/simulator/state/catalog.ts";
import { PRODUCTS } from "../../../src/sources/catalog/product.ts";
import type { CatalogSource } from "../../../src/sources/catalog/source.ts";
import { type ConsulClient, type ConsulClientOptions, createConsulClient } from "../../../src/sources/consul/client.ts";
import { createConsulSource } from "../../../src/sources/consul/source.ts";
import { openEndpoint } from "../../../src/sources/http/client/endpoint.ts";
import { openConnections } from "../../../src/sources/http/client/open.ts";
import { type ConnectionBudget, createConnectionBudget } from "../../../src/sources/http/connection-budget.ts";
import { createVisibility } from "../../../src/sources/watch/visibility.ts";
import { until } from "../../support/await-until.ts";

export const EXPOSED = "traefik.enable=true";

export interface Instance {
  readonly service: string;
  /** Default: the service's name. */
  readonly id?: string;
  readonly node?: string;
  readonly port?: number;
  readonly tags?: readonly string[];
  readonly status?: string;
}

/** Registers an instance with one check, passing and exposed on node-1 unless stated otherwise. */
export function register(catalog: Catalog, instance: Instance): void {
  const { service, id = service, node = "node-1", port = 24_001, tags = [EXPOSED], status = "passing" } = instance;
  catalog.register({
    Node: node,
    Address: "10.0.0.1",
    Service: { ID: id, Service: service, Tags: tags, Port: port },
    Check: { CheckID: `service:${id}`, Name: `${service} answers`, Status: status, ServiceID: id },
  });
}

/** Moves an instance to another port and leaves its check alone. */
export function move(catalog: Catalog, service: string, port: number, { id = service, node = "node-1" } = {}): void {
  catalog.register({
    Node: node,
    SkipNodeUpdate: true,
    Service: { ID: id, Service: service, Tags: [EXPOSED], Port: port },
  });
}

/** What the source reported, in order. */
export interface Reported {
  readonly failures: { readonly code: string; readonly target: string; readonly message: string }[];
  /** Failures that were worth a line in the log. */
  readonly news: string[];
  readonly recoveries: { readonly failures: number; readonly forMs: number }[];
  readonly strategies: string[];
  /** Signs of blindness that came (+) and went (-). */
  readonly sights: string[];
  /** Services whose change only a resync found. */
  readonly missed: string[];
  /** How many connections were used when they became short; undefined when that was over. */
  readonly shortages: (number | undefined)[];
}

export interface World {
  readonly catalog: Catalog;
  readonly server: CatalogServer;
  readonly source: CatalogSource;
  readonly budget: ConnectionBudget;
  readonly reported: Reported;
  /** How often the source said "look again". */
  readonly changes: number;
  /** Ports of the instances that the source knows of a service. */
  ports(service: string): readonly number[];
  /** Statuses of all checks of a service. */
  statuses(service: string): readonly string[];
  /** Awaits a condition, by default for as long as anything may take on a machine that has other things to do. */
  eventually<T>(what: string, condition: () => T, timeoutMs?: number): Promise<NonNullable<T>>;
  /** Awaits that every long poll of the strategy is open: nothing is on its way any more. */
  watching(): Promise<void>;
}

export interface WorldOptions {
  readonly budget?: number;
  readonly waitMs?: number;
  readonly parallelReads?: number;
  /** Default: not within a test. */
  readonly resyncMs?: number;
  /** By which the source measures its pauses. Default: the system's. */
  readonly clock?: Clock;
  /** What the catalog's server is besides. */
  readonly server?: Omit<CatalogServerOptions, "catalog">;
  /** Default: none. */
  readonly token?: string;
  /** Default: the source chooses. */
  readonly strategy?: string;
  /** Fills the catalog before the source starts. */
  prepare?(catalog: Catalog): void;
  /** Default: 0, the shortest pauses. */
  random?(): number;
  /** Starts with the catalog closed. */
  readonly isClosed?: boolean;
}

/** A catalog on a real socket and a source that watches it, both stopped when the scene is over. */
export async function inWorld(options: WorldOptions, play: (world: World) => Promise<void>): Promise<void> {
  const catalog = createCatalog();
  options.prepare?.(catalog);
  const server = await startCatalogServer({ catalog, ...options.server });
  if (options.isClosed === true) await server.close();
  const budget = createConnectionBudget(options.budget ?? 16);
  const visibility = createVisibility(PRODUCTS.consul.serversName);
  const client = createClient(server.url, {
    budget,
    waitMs: options.waitMs ?? 10_000,
    readToken: () => options.token ?? "",
    answered: (facts) => visibility.saw(facts),
  });
  const reported: Reported = {
    failures: [],
    news: [],
    recoveries: [],
    strategies: [],
    sights: [],
    missed: [],
    shortages: [],
  };
  let changes = 0;
  const source = createConsulSource({
    source: "test",
    client,
    budget,
    visibility,
    parallelReads: options.parallelReads ?? 4,
    resyncMs: options.resyncMs ?? 3_600_000,
    ...(options.strategy === undefined ? {} : { strategy: options.strategy }),
    clock: options.clock ?? systemClock,
    random: options.random ?? (() => 0),
    isWatched: (tags) => tags.includes(EXPOSED),
    changed: () => {
      changes += 1;
    },
    reporter: {
      requested() {},
      failed({ code, message }, target, _retryInMs, trouble) {
        reported.failures.push({ code, target, message });
        if (trouble !== undefined) reported.news.push(code);
      },
      recovered: (failures, forMs) => reported.recoveries.push({ failures, forMs }),
      strategyChosen: (strategy) => reported.strategies.push(strategy),
      settingDoubted() {},
      sightChanged: (sign, isPresent) => reported.sights.push(`${isPresent ? "+" : "-"}${sign}`),
      connectionsShort: (allowed) => reported.shortages.push(allowed),
      missed: (services) => reported.missed.push(...services),
      eventsHeard() {},
      eventsUnheard() {},
      eventsReopened() {},
    },
  });

  const stop = new AbortController();
  const running = source.run(stop.signal);
  const instancesOf = (service: string) => source.snapshot()?.instances.filter((one) => one.service === service) ?? [];
  const eventually: World["eventually"] = (what, condition, timeoutMs = 10_000) =>
    until(condition, { what, timeoutMs, everyMs: 5 });
  try {
    await play({
      catalog,
      server,
      source,
      budget,
      reported,
      get changes() {
        return changes;
      },
      ports: (service) => instancesOf(service).map(({ port }) => port),
      statuses: (service) => instancesOf(service).flatMap(({ checks }) => checks.map(({ status }) => status)),
      eventually,
      async watching() {
        await eventually("the long polls to be open", () => areLongPollsOpen(server, source));
      },
    });
  } finally {
    stop.abort();
    await running;
    client.close();
    await server.close();
  }
}

export function createClient(url: string, options: Partial<ConsulClientOptions> = {}): ConsulClient {
  return createConsulClient({
    connections: options.connections ?? openConnections(openEndpoint(url, {}, PRODUCTS.consul), 16),
    readToken: () => "",
    budget: createConnectionBudget(16),
    waitMs: 10_000,
    maxAnswerBytes: 1024 * 1024,
    maxStaleMs: 30_000,
    requested() {},
    answered() {},
    ...options,
  });
}

/** A query is a long poll when its last request named an index; it is open until that is answered. */
function areLongPollsOpen(server: CatalogServer, source: CatalogSource): boolean {
  const { strategy, services, openRequests } = source.state();
  const nodes = [...new Set(source.snapshot()?.instances.map(({ node }) => node))];
  const polls: Record<string, readonly string[]> = {
    "per-service": ["/v1/catalog/services", ...names(source).map((name) => `/v1/health/service/${name}`)],
    "per-node": ["/v1/catalog/nodes", ...nodes.map((node) => `/v1/catalog/node/${node}`)],
    sweep: ["/v1/catalog/services", "/v1/catalog/nodes"],
  };
  const states = strategy === "per-service" ? [] : ["any"];
  const paths = [...(polls[strategy] ?? ["none yet"]), ...states.map((state) => `/v1/health/state/${state}`)];
  const isOpen = (path: string) => server.requests.last(path)?.url.includes("index=") ?? false;
  // The server's own node is polled as well, though nothing on it is watched.
  const others = { "per-service": services + 1, "per-node": nodes.length + 2, sweep: 2 }[strategy] ?? 0;
  return openRequests === others + states.length && paths.every(isOpen);
}

function names(source: CatalogSource): readonly string[] {
  return [...new Set(source.snapshot()?.instances.map(({ service }) => service))];
}
