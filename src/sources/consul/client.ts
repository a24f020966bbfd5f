import type { BlockingAnswer } from "../catalog/blocking-answer.ts";
import type { CatalogClient, CatalogRead } from "../catalog/catalog-client.ts";
import { CatalogError } from "../catalog/catalog-error.ts";
import { PRODUCTS } from "../catalog/product.ts";
import {
  type CatalogConnection,
  type CatalogQuery,
  type CatalogRequest,
  createCatalogHttp,
} from "../http/catalog-http.ts";
import {
  type CatalogNode,
  decodeDatacenters,
  decodeInstances,
  decodeNodeChecks,
  decodeNodeEntries,
  decodeNodeList,
  decodeNodeServices,
  decodeServiceList,
  decodeUnhealthyChecks,
  type NodeCheck,
  type NodeEntry,
  type NodeRegistration,
  type UnhealthyCheck,
} from "./decode.ts";
import { type CallContext, type CallOptions, createNodeConsul } from "./node-consul.ts";

/** Checks in one state, or, by a filter that Consul applies, in any but `passing`. */
export type HealthState = "critical" | "warning" | "unhealthy";

/** Consul's catalog: beside the services its checks and nodes, which explain changes without reading every service. */
export interface ConsulClient extends CatalogClient {
  checks(state: HealthState, read: CatalogRead): Promise<BlockingAnswer<readonly UnhealthyCheck[]>>;
  nodes(read: CatalogRead): Promise<BlockingAnswer<ReadonlyMap<string, CatalogNode>>>;
  /** All that is registered on a node, and all checks there: together the same as reading each of its services. */
  nodeEntries(node: string, read: CatalogRead): Promise<BlockingAnswer<readonly NodeEntry[]>>;
  nodeChecks(node: string, read: CatalogRead): Promise<BlockingAnswer<readonly NodeCheck[]>>;
  nodeServices(node: string, read: CatalogRead): Promise<BlockingAnswer<ReadonlyMap<string, NodeRegistration>>>;
}

/** What Consul answers, with status 500, for a datacenter that it does not know, or that cannot be reached. */
const NO_PATH = "No path to datacenter";

export interface ConsulClientOptions extends CatalogConnection {
  readonly datacenter?: string;
  readonly namespace?: string;
  readonly partition?: string;
  /** Let the local agent answer stale reads of services from its cache, where several of its clients share one watch. */
  readonly isCached?: boolean;
}

/**
 * Consul's catalog and health over HTTP, by node-consul's methods. Its `watch` is not used: it keeps no floor on its
 * request rate, ends for good after an answer without an index, and does not notice a cut body.
 */
export function createConsulClient(options: ConsulClientOptions): ConsulClient {
  const { read: readAny, close } = createCatalogHttp(options, PRODUCTS.consul);
  const { catalog, health } = createNodeConsul();
  const namespace = options.namespace === undefined ? {} : { ns: options.namespace };

  /** A datacenter that Consul does not know is a mistake in the settings: Consul says so with a 500, as during an outage. */
  async function read<T>(query: CatalogQuery<T>, how: CatalogRead): Promise<BlockingAnswer<T>> {
    try {
      return await readAny(query, how);
    } catch (error) {
      const { datacenter } = options;
      if (!(error instanceof CatalogError) || datacenter === undefined || !error.message.includes(NO_PATH)) throw error;
      const known = await datacenters(how.signal);
      if (known.length === 0 || known.includes(datacenter)) throw error;
      throw new CatalogError(
        "E_CATALOG_SETTING",
        `consul.datacenter: Consul knows no datacenter ${JSON.stringify(datacenter)}; it knows ${known.join(", ")}`,
      );
    }
  }

  /** None where Consul does not tell. */
  async function datacenters(signal: AbortSignal): Promise<readonly string[]> {
    const query = {
      endpoint: "/v1/catalog/datacenters",
      ask: ({ get }: CatalogRequest) => get("/catalog/datacenters"),
      decode: decodeDatacenters,
    };
    try {
      return (await readAny(query, { index: 0n, consistency: "default", signal })).value;
    } catch (error) {
      if (error instanceof CatalogError) return [];
      throw error;
    }
  }

  /** The options of node-consul's methods, whichever. */
  function call({ blocking, consistency, get }: CatalogRequest, more: CallContext["query"] = {}): CallOptions {
    return {
      dc: options.datacenter,
      partition: options.partition,
      stale: consistency === "stale",
      consistent: consistency === "consistent",
      ...blocking,
      ctx: { query: { ...namespace, ...more }, get },
    };
  }

  function nodeServices<T>(node: string, decode: (body: unknown) => T): CatalogQuery<T> {
    return {
      endpoint: "/v1/catalog/node",
      isLarge: true,
      ask: (request) => catalog.node.services({ node, ...call(request) }),
      decode,
    };
  }

  return {
    services: (how) =>
      read(
        {
          endpoint: "/v1/catalog/services",
          isLarge: true,
          ask: (request) => catalog.service.list(call(request)),
          decode: decodeServiceList,
        },
        how,
      ),
    instances: (service, how) =>
      read(
        {
          endpoint: "/v1/health/service",
          ask: (request) => {
            const isCached = options.isCached === true && request.consistency === "stale";
            return health.service({ service, ...call(request, isCached ? { cached: "1" } : {}) });
          },
          decode: decodeInstances,
        },
        how,
      ),
    checks: (state, how) =>
      read(
        {
          endpoint: "/v1/health/state",
          ask: (request) =>
            state === "unhealthy"
              ? health.state({ state: "any", filter: 'Status != "passing"', ...call(request) })
              : health.state({ state, ...call(request) }),
          decode: decodeUnhealthyChecks,
        },
        how,
      ),
    nodes: (how) =>
      read(
        {
          endpoint: "/v1/catalog/nodes",
          ask: (request) => catalog.node.list(call(request)),
          decode: decodeNodeList,
        },
        how,
      ),
    nodeServices: (node, how) => read(nodeServices(node, decodeNodeServices), how),
    nodeEntries: (node, how) => read(nodeServices(node, decodeNodeEntries), how),
    nodeChecks: (node, how) =>
      read(
        {
          endpoint: "/v1/health/node",
          isLarge: true,
          ask: (request) => health.node({ node, ...call(request) }),
          decode: decodeNodeChecks,
        },
        how,
      ),
    target: (service) => (service === undefined ? "/v1/catalog/services" : `/v1/health/service/${service}`),
    close,
  };
}
