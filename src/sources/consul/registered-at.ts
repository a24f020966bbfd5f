import type { ServiceInstance } from "../../core/catalog/snapshot.ts";
import { forEachParallel } from "../polling/work-pool.ts";
import type { ConsulClient } from "./client.ts";
import { instancesOn } from "./read-by-node.ts";

/**
 * All that is registered on the nodes that have one of these addresses, whether or not it asks for routes. Read from the
 * leader. Rejects with a CatalogError.
 *
 * @param withChecks reads the checks, too: one more request for each node
 */
export async function registeredAt(
  client: ConsulClient,
  hosts: ReadonlySet<string>,
  { withChecks, parallelReads }: { readonly withChecks: boolean; readonly parallelReads: number },
  signal: AbortSignal,
): Promise<readonly ServiceInstance[]> {
  const how = { index: 0n, consistency: "default", signal } as const;
  const { value: nodes } = await client.nodes(how);
  const concerned = [...nodes].filter(([, { addresses }]) =>
    [...hosts].some((host) => addresses.includes(JSON.stringify(host))),
  );
  const found: ServiceInstance[] = [];
  await forEachParallel(concerned, parallelReads, async ([node]) => {
    const { value: entries } = await client.nodeEntries(node, how);
    const checks = withChecks && entries.length > 0 ? (await client.nodeChecks(node, how)).value : [];
    found.push(...instancesOn(entries, checks));
  });
  return found;
}
