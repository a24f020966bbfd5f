import type { BlockingAnswer } from "../../catalog/blocking-answer.ts";
import { CatalogError } from "../../catalog/catalog-error.ts";
import { PRODUCTS } from "../../catalog/product.ts";
import type { WatchContext } from "../../watch/watch.ts";
import type { ConsulClient } from "../client.ts";
import type { CatalogNode } from "../decode.ts";

/**
 * Looks whether the token still sees Consul's own servers, when a node has lost everything at once: it may have been
 * hidden from us rather than emptied. One small request, in place of the whole list. Throws CatalogError where it does
 * not, so that what was known before stays.
 */
export async function requireSightOfServers(
  node: string,
  { client }: WatchContext<ConsulClient>,
  signal: AbortSignal,
): Promise<void> {
  const { value } = await client.instances(PRODUCTS.consul.serversName, { index: 0n, consistency: "stale", signal });
  if (value.length > 0) return;
  throw new CatalogError(
    "E_CATALOG_DENIED",
    `/v1/catalog/node/${node}: shows no service any more, and neither is Consul's own to be seen; ${PRODUCTS.consul.rights}`,
  );
}

/** The list of nodes. A Consul has one at least, its own server's: throws CatalogError for an empty list where services were. */
export async function readNodes(
  { client, store }: WatchContext<ConsulClient>,
  index: bigint,
  signal: AbortSignal,
): Promise<BlockingAnswer<ReadonlyMap<string, CatalogNode>>> {
  const answer = await client.nodes({ index, consistency: "stale", signal });
  if (answer.value.size > 0 || store.size === 0) return answer;
  throw new CatalogError(
    "E_CATALOG_DENIED",
    '/v1/catalog/nodes: no node is listed, and services were; the token may not read nodes: it needs node_prefix "" { policy = "read" }',
  );
}
