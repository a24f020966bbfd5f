import type { ServiceInstance } from "../../core/catalog/snapshot.ts";
import { withSecondTry } from "../catalog/second-try.ts";
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
  const instances: ServiceInstance[] = [];
  const { value: nodes } = await client.nodes(how);
  for (const node of nodes.keys()) {
    await pause();
    if (signal.aborted) return [];
    const { value } = await withSecondTry(() => client.nodeEntries(node, how), pause, signal);
    for (const instance of instancesOn(value, [])) instances.push(instance);
  }
  return instances;
}
