import { CatalogError } from "../../catalog-error.ts";
import type { WatchContext } from "../../watch/watch.ts";
import type { ConsulClient } from "../client.ts";

/** The service that Consul's servers register themselves. */
export const SERVERS_NAME = "consul";

/**
 * Looks whether the token still sees Consul's own servers: who does not, though they were seen before, does not see
 * everything any more. One small request, in place of the whole list; what it shows is noted as a sign. Throws
 * CatalogError.
 */
export async function lookForServers(
  { client, visibility }: WatchContext<ConsulClient>,
  signal: AbortSignal,
): Promise<void> {
  const { value } = await client.instances(SERVERS_NAME, { index: 0n, consistency: "stale", signal });
  if (value.length === 0) visibility.set("no-servers", true);
}

/** A Consul has one node at least: its own server's. */
export function noNodes(): CatalogError {
  return new CatalogError(
    "E_CATALOG_DENIED",
    '/v1/catalog/nodes: no node is listed, and services were; the token may not read nodes: it needs node_prefix "" { policy = "read" }',
  );
}
