import type { CheckResult } from "../../core/catalog/allocation-health.ts";
import type { ClientPorts } from "../../core/ports/dynamic-range.ts";
import { CatalogError } from "../catalog/catalog-error.ts";
import { PRODUCTS, type Product } from "../catalog/product.ts";
import { type CatalogConnection, type CatalogRequest, createCatalogHttp } from "../http/catalog-http.ts";
import { type AllocationsReader, createAllocationsReader } from "./allocations-reader.ts";
import { decodeChecks } from "./decode-checks.ts";
import { decodeClients, decodeDrainedClients } from "./decode-clients.ts";
import { pathWithParameters } from "./path-with-parameters.ts";

/** Nomad where it is asked for its clients: another right than for services, and index 0 hides nothing. */
const NOMAD_CLIENTS: Product = {
  ...PRODUCTS.nomad,
  indexZero: undefined,
  rights: 'the token needs node { policy = "read" }',
};

/** Nomad where it is asked for allocations: those of all namespaces that the token may read. */
const NOMAD_ALLOCATIONS: Product = {
  ...PRODUCTS.nomad,
  indexZero: undefined,
  rights: 'the token needs namespace "*" { capabilities = ["read-job"] }, or the same for each namespace of its own',
};

/** Nomad where it is asked for the checks of an allocation. */
const NOMAD_CHECKS: Product = {
  ...NOMAD_ALLOCATIONS,
  rights: 'the token needs the capability "read-job" in the namespace of the allocation',
};

export interface SchedulerReaderOptions extends CatalogConnection {
  /** Default: the agent's own. */
  readonly region?: string;
}

/** Asks a Nomad what it has given to whom, and how that is. Every method rejects with a CatalogError only. */
export interface SchedulerReader extends AllocationsReader {
  /** All clients with their ports, at once. */
  clients(signal: AbortSignal): Promise<readonly ClientPorts[]>;
  /** The names of the clients that are being drained. */
  drainedClients(signal: AbortSignal): Promise<ReadonlySet<string>>;
  /**
   * The latest results of all checks of an allocation: none where it has no checks or does not run. Undefined where Nomad
   * does not know it (yet), or is too old to tell checks.
   */
  checks(id: string, signal: AbortSignal): Promise<readonly CheckResult[] | undefined>;
  close(): void;
}

/**
 * Plain reads, without waiting for news: the indexes of clients and of allocations move whenever a task changes its state
 * anywhere, and a client's checks have none. They go to the leader: a follower may not know yet of an allocation whose
 * services are registered already.
 */
export function createSchedulerReader(options: SchedulerReaderOptions): SchedulerReader {
  const { region } = options;
  const clients = createCatalogHttp(options, NOMAD_CLIENTS);
  const allocations = createCatalogHttp(options, NOMAD_ALLOCATIONS);
  const checks = createCatalogHttp(options, NOMAD_CHECKS);
  const clientsQuery = {
    endpoint: "/v1/nodes",
    isLarge: true,
    ask: (request: CatalogRequest) => request.get(pathWithParameters("/nodes", { resources: "true", region }, request)),
    decode: decodeClients,
  };
  const drainedQuery = {
    endpoint: "/v1/nodes",
    isLarge: true,
    ask: (request: CatalogRequest) => request.get(pathWithParameters("/nodes", { region }, request)),
    decode: decodeDrainedClients,
  };
  return {
    ...createAllocationsReader(allocations.read, region),
    clients: async (signal) => (await clients.read(clientsQuery, { index: 0n, consistency: "stale", signal })).value,
    drainedClients: async (signal) =>
      (await clients.read(drainedQuery, { index: 0n, consistency: "stale", signal })).value,
    async checks(id, signal) {
      const query = {
        endpoint: "/v1/client/allocation/checks",
        ask: (request: CatalogRequest) =>
          request.get(pathWithParameters(`/client/allocation/${encodeURIComponent(id)}/checks`, { region }, request)),
        decode: decodeChecks,
      };
      try {
        return (await checks.read(query, { index: 0n, consistency: "stale", signal })).value;
      } catch (error) {
        if (error instanceof CatalogError && error.isMissing) return undefined;
        throw error;
      }
    },
    // All share the connections.
    close: clients.close,
  };
}
