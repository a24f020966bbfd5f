import type { CheckResult } from "../../core/catalog/allocation-health.ts";
import type { ClientPorts } from "../../core/ports/dynamic-range.ts";
import { CatalogError } from "../catalog/catalog-error.ts";
import { PRODUCTS, type Product } from "../catalog/product.ts";
import { type CatalogConnection, createCatalogHttp } from "../http/catalog-http.ts";
import { type AllocationsReader, createAllocationsReader } from "./allocations-reader.ts";
import { decodeChecks } from "./decode-checks.ts";
import { decodeClients, decodeDrainedClients } from "./decode-clients.ts";
import { createPlainRead } from "./plain-read.ts";

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
  const clientsHttp = createCatalogHttp(options, NOMAD_CLIENTS);
  const clients = createPlainRead(clientsHttp.read, region);
  const allocations = createPlainRead(createCatalogHttp(options, NOMAD_ALLOCATIONS).read, region);
  const checks = createPlainRead(createCatalogHttp(options, NOMAD_CHECKS).read, region);
  const nodes = { endpoint: "/v1/nodes", path: "/nodes", isLarge: true, consistency: "stale" } as const;
  return {
    ...createAllocationsReader(allocations),
    clients: (signal) => clients({ ...nodes, parameters: { resources: "true" }, decode: decodeClients }, signal),
    drainedClients: (signal) => clients({ ...nodes, decode: decodeDrainedClients }, signal),
    async checks(id, signal) {
      const endpoint = "/v1/client/allocation/checks";
      const path = `/client/allocation/${encodeURIComponent(id)}/checks`;
      try {
        return await checks({ endpoint, path, consistency: "stale", decode: decodeChecks }, signal);
      } catch (error) {
        if (error instanceof CatalogError && error.isMissing) return undefined;
        throw error;
      }
    },
    // All share the connections.
    close: clientsHttp.close,
  };
}
