import type { BlockingAnswer } from "../catalog/blocking-answer.ts";
import type { CatalogClient, CatalogRead } from "../catalog/catalog-client.ts";
import { PRODUCTS } from "../catalog/product.ts";
import { type CatalogConnection, type CatalogQuery, createCatalogHttp } from "../http/catalog-http.ts";
import {
  type CatalogNode,
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

export interface ConsulClientOptions extends CatalogConnection {
  readonly datacenter?: string;
  readonly namespace?: string;
  readonly partition?: string;
  /** Let the local agent answer stale reads of services from its cache, where several of its clients share one watch. */
  readonly isCached?: boolean;
}

/** Consul's catalog and health over HTTP. */
export function createConsulClient(options: ConsulClientOptions): ConsulClient {
  const { read, close } = createCatalogHttp(options, PRODUCTS.consul);
  const scope = { dc: options.datacenter, ns: options.namespace, partition: options.partition };

  function nodeQuery<T>(endpoint: string, node: string, decode: (body: unknown) => T): CatalogQuery<T> {
    const path = `${endpoint.replace(/^\/v1/, "")}/${encodeURIComponent(node)}`;
    return { endpoint, path, parameters: scope, isLarge: true, decode };
  }

  return {
    services: (how) =>
      read(
        {
          endpoint: "/v1/catalog/services",
          path: "/catalog/services",
          parameters: scope,
          isLarge: true,
          decode: decodeServiceList,
        },
        how,
      ),
    instances: (service, how) =>
      read(
        {
          endpoint: "/v1/health/service",
          path: `/health/service/${encodeURIComponent(service)}`,
          parameters: options.isCached === true && how.consistency === "stale" ? { ...scope, cached: "1" } : scope,
          decode: decodeInstances,
        },
        how,
      ),
    checks(state, how) {
      const asked = state === "unhealthy" ? "any" : state;
      const filter = state === "unhealthy" ? 'Status != "passing"' : undefined;
      const path = `/health/state/${asked}`;
      return read(
        { endpoint: "/v1/health/state", path, parameters: { ...scope, filter }, decode: decodeUnhealthyChecks },
        how,
      );
    },
    nodes: (how) =>
      read({ endpoint: "/v1/catalog/nodes", path: "/catalog/nodes", parameters: scope, decode: decodeNodeList }, how),
    nodeServices: (node, how) => read(nodeQuery("/v1/catalog/node", node, decodeNodeServices), how),
    nodeEntries: (node, how) => read(nodeQuery("/v1/catalog/node", node, decodeNodeEntries), how),
    nodeChecks: (node, how) => read(nodeQuery("/v1/health/node", node, decodeNodeChecks), how),
    target: (service) => (service === undefined ? "/v1/catalog/services" : `/v1/health/service/${service}`),
    close,
  };
}
