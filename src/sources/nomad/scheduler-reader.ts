import type { Allocation } from "../../core/catalog/allocation.ts";
import type { ClientPorts } from "../../core/ports/dynamic-range.ts";
import { PRODUCTS, type Product } from "../catalog/product.ts";
import { type CatalogConnection, type CatalogRequest, createCatalogHttp } from "../http/catalog-http.ts";
import { forEachParallel } from "../polling/work-pool.ts";
import { decodeAllocations } from "./decode-allocations.ts";
import { decodeClients } from "./decode-clients.ts";
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

export interface SchedulerReaderOptions extends CatalogConnection {
  /** Default: the agent's own. */
  readonly region?: string;
}

/** Asks a Nomad what it has given to whom. Every method rejects with a CatalogError only. */
export interface SchedulerReader {
  /** All clients with their ports, at once. */
  clients(signal: AbortSignal): Promise<readonly ClientPorts[]>;
  /** The allocations of these ids that there are and that the token may see; perhaps others, too. */
  allocations(ids: readonly string[], signal: AbortSignal): Promise<readonly Allocation[]>;
  close(): void;
}

/** More than so many are cheaper in one list of all, of some two kilobytes an allocation. */
const MOST_ONE_BY_ONE = 8;
const PARALLEL_READS = 2;

/**
 * Plain reads, without waiting for news: the indexes of clients and of allocations move whenever a task changes its state
 * anywhere. The ports of a client change only when an operator restarts it with other settings, and what is asked of an
 * allocation never does, but that a canary is promoted. They go to the leader: a follower may not know yet of an
 * allocation whose services Consul shows already.
 */
export function createSchedulerReader(options: SchedulerReaderOptions): SchedulerReader {
  const { region } = options;
  const clients = createCatalogHttp(options, NOMAD_CLIENTS);
  const allocations = createCatalogHttp(options, NOMAD_ALLOCATIONS);
  const clientsQuery = {
    endpoint: "/v1/nodes",
    isLarge: true,
    ask: (request: CatalogRequest) => request.get(pathWithParameters("/nodes", { resources: "true", region }, request)),
    decode: decodeClients,
  };

  async function allocationsBy(prefix: string | undefined, signal: AbortSignal): Promise<readonly Allocation[]> {
    const parameters = { namespace: "*", resources: "true", task_states: "false", prefix, region };
    const query = {
      endpoint: "/v1/allocations",
      isLarge: prefix === undefined,
      ask: (request: CatalogRequest) => request.get(pathWithParameters("/allocations", parameters, request)),
      decode: decodeAllocations,
    };
    return (await allocations.read(query, { index: 0n, consistency: "default", signal })).value;
  }

  return {
    clients: async (signal) => (await clients.read(clientsQuery, { index: 0n, consistency: "stale", signal })).value,
    async allocations(ids, signal) {
      if (ids.length > MOST_ONE_BY_ONE) return await allocationsBy(undefined, signal);
      const found: Allocation[] = [];
      await forEachParallel(ids, PARALLEL_READS, async (id) => {
        found.push(...(await allocationsBy(id, signal)));
      });
      return found;
    },
    // Both share the connections.
    close: clients.close,
  };
}
