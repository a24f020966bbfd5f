import type { ServiceInstance } from "../../core/catalog/snapshot.ts";
import { readOneByOne } from "../catalog/read-one-by-one.ts";
import type { ConsulClient } from "./client.ts";
import { instancesOn } from "./read-by-node.ts";

/**
 * Every registration that Consul shows, without its checks: the list of nodes, then each node by itself. Any server may
 * answer, and a node that is not told is asked for once more. Rejects with a CatalogError.
 *
 * @param pause is waited for before each node
 */
export async function readAllByNode(
  client: Pick<ConsulClient, "nodes" | "nodeEntries">,
  pause: () => Promise<void>,
  signal: AbortSignal,
): Promise<readonly ServiceInstance[]> {
  const how = { index: 0n, consistency: "stale", signal } as const;
  const { value: nodes } = await client.nodes(how);
  const onNode = async (node: string) => instancesOn((await client.nodeEntries(node, how)).value, []);
  return readOneByOne(nodes.keys(), onNode, { pause, signal });
}
