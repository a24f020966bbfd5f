import { type Clock, systemClock } from "../../../src/base/clock.ts";
import type { CatalogServer } from "../../../src/simulator/api/api-server.ts";
import { createNomadCatalog, type NomadCatalog } from "../../../src/simulator/nomad/catalog.ts";
import { startNomadServer } from "../../../src/simulator/nomad/server.ts";
import type { CatalogError } from "../../../src/sources/catalog/catalog-error.ts";
import { PRODUCTS } from "../../../src/sources/catalog/product.ts";
import type { CatalogSource } from "../../../src/sources/catalog/source.ts";
import type { CatalogConnection } from "../../../src/sources/http/catalog-http.ts";
import { openEndpoint } from "../../../src/sources/http/client/endpoint.ts";
import { openConnections } from "../../../src/sources/http/client/open.ts";
import { createConnectionBudget } from "../../../src/sources/http/connection-budget.ts";
import { createNomadClient, type NomadClient, type NomadClientOptions } from "../../../src/sources/nomad/client.ts";
import { createNomadEvents } from "../../../src/sources/nomad/events/events.ts";
import { createNomadSource } from "../../../src/sources/nomad/source.ts";
import { createVisibility } from "../../../src/sources/watch/visibility.ts";
import { until } from "../../support/await-until.ts";

export const EXPOSED = "traefik.enable=true";

export interface World {
  readonly catalog: NomadCatalog;
  readonly server: CatalogServer;
  readonly source: CatalogSource;
  readonly failures: readonly { readonly code: string; readonly target: string; readonly message: string }[];
  readonly strategies: readonly string[];
  /** What is wrong with the settings. */
  readonly doubts: readonly string[];
  /** What was reported of the event stream. */
  readonly heard: readonly string[];
  /** Ports of the registrations that the source knows of a service. */
  ports(service: string): readonly number[];
  eventually<T>(what: string, condition: () => T, timeoutMs?: number): Promise<NonNullable<T>>;
  /** Awaits that every long poll of the strategy is open: nothing is on its way any more. */
  watching(): Promise<void>;
}

export interface WorldOptions {
  readonly budget?: number;
  readonly waitMs?: number;
  readonly namespaces?: readonly string[];
  /** Follows the event stream, by the time of this clock. Default: it is not asked for. */
  readonly eventsClock?: Clock;
  /** Default: the anonymous token. */
  readToken?(): string;
  /** Fills the catalog before the source starts. */
  prepare?(catalog: NomadCatalog): void;
  /** Starts with the catalog closed. */
  readonly isClosed?: boolean;
}

/** Registers one allocation's service, exposed unless stated otherwise. */
export function register(catalog: NomadCatalog, ServiceName: string, Port: number, more = {}): void {
  catalog.register({ ServiceName, Port, Tags: [EXPOSED], ...more });
}

/** A catalog on a real socket and a source that watches it, both stopped when the scene is over. */
export async function inWorld(options: WorldOptions, play: (world: World) => Promise<void>): Promise<void> {
  const catalog = createNomadCatalog();
  options.prepare?.(catalog);
  const server = await startNomadServer({ catalog });
  if (options.isClosed === true) await server.close();
  const budget = createConnectionBudget(options.budget ?? 16);
  const namespaces = options.namespaces === undefined ? {} : { namespaces: options.namespaces };
  const visibility = createVisibility();
  const doubts: string[] = [];
  const heard: string[] = [];
  const reporter = {
    eventsHeard: (scope: string) => heard.push(`heard ${scope}`),
    eventsUnheard: (scope: string, right?: string, error?: CatalogError) =>
      heard.push(`unheard ${scope}: ${right ?? error?.code}`),
    eventsReopened: () => heard.push("reopened"),
  };
  const connection: CatalogConnection = {
    ...connectionTo(server.url),
    budget,
    waitMs: options.waitMs ?? 10_000,
    ...(options.readToken === undefined ? {} : { readToken: options.readToken }),
  };
  const events =
    options.eventsClock === undefined
      ? undefined
      : createNomadEvents({ ...connection, ...namespaces, clock: options.eventsClock, random: () => 0, reporter });
  const client = createNomadClient({
    ...connection,
    ...namespaces,
    denied: visibility.sawDenied,
    doubted: (message) => doubts.push(message),
    ...(events === undefined ? {} : { shown: events.sawNamespaces }),
  });
  const failures: { code: string; target: string; message: string }[] = [];
  const strategies: string[] = [];
  const source = createNomadSource({
    source: "test",
    client,
    ...(events === undefined ? {} : { events }),
    budget,
    visibility,
    parallelReads: 4,
    resyncMs: 3_600_000,
    clock: systemClock,
    random: () => 0,
    isWatched: (tags) => tags.includes(EXPOSED),
    changed() {},
    reporter: {
      requested() {},
      failed: ({ code, message }, target) => failures.push({ code, target, message }),
      recovered() {},
      strategyChosen: (strategy) => strategies.push(strategy),
      connectionsShort() {},
      sightChanged() {},
      settingDoubted() {},
      missed() {},
      ...reporter,
    },
  });
  const stop = new AbortController();
  const running = source.run(stop.signal);
  const eventually: World["eventually"] = (what, condition, timeoutMs = 10_000) =>
    until(condition, { what, timeoutMs, everyMs: 5 });
  try {
    await play({
      catalog,
      server,
      source,
      failures,
      strategies,
      doubts,
      heard,
      ports: (service) =>
        source
          .snapshot()
          ?.instances.filter((one) => one.service === service)
          .map(({ port }) => port) ?? [],
      eventually,
      watching: async () => {
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

export function createClient(url: string, options: Partial<NomadClientOptions> = {}): NomadClient {
  return createNomadClient({ ...connectionTo(url), ...options });
}

function connectionTo(url: string): CatalogConnection {
  return {
    connections: openConnections(openEndpoint(url, {}, PRODUCTS.nomad), 16),
    readToken: () => "",
    budget: createConnectionBudget(16),
    waitMs: 10_000,
    maxAnswerBytes: 1024 * 1024,
    maxStaleMs: 30_000,
    requested() {},
    answered() {},
  };
}

/** A query is a long poll when its last request named an index; it is open until that is answered. */
function areLongPollsOpen(server: CatalogServer, source: CatalogSource): boolean {
  const { strategy, openRequests } = source.state();
  const names = new Set(source.snapshot()?.instances.map(({ service }) => service));
  const services = strategy === "per-service" ? [...names].map((name) => `/v1/service/${name}`) : [];
  const paths = ["/v1/services", ...services];
  const isOpen = (path: string) => server.requests.last(path)?.url.includes("index=") ?? false;
  return source.snapshot() !== undefined && openRequests === paths.length && paths.every(isOpen);
}
