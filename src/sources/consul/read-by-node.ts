import { isDeepStrictEqual } from "node:util";
import type { ServiceInstance } from "../../core/catalog/snapshot.ts";
import type { CatalogRead } from "../catalog/catalog-client.ts";
import { inInstanceOrder } from "../catalog/instance-order.ts";
import { soundIndex } from "../polling/query-index.ts";
import { forEachParallel } from "../polling/work-pool.ts";
import type { InstanceAnswers } from "../watch/full-read.ts";
import type { ConsulClient } from "./client.ts";
import { instanceOf, type NodeCheck, type NodeEntry } from "./decode.ts";

/** So few are read one by one as quickly as it takes to find out about the nodes. */
const FEWEST_SERVICES = 64;
/** Two answers for a node are dearer than one for a service: there must be so many services for each of them. */
const SERVICES_PER_NODE = 4;

/**
 * Reads services node by node, where that takes far fewer requests than service by service: 102 instead of 5,000 on 51
 * nodes. Undefined where it does not. The index that comes with each service is the lowest of all answers, so that
 * nothing newer is overwritten. Rejects with a CatalogError.
 */
export async function readByNode(
  client: ConsulClient,
  names: ReadonlySet<string>,
  parallelReads: number,
  how: CatalogRead,
): Promise<InstanceAnswers | undefined> {
  if (names.size < FEWEST_SERVICES) return undefined;
  const { value: nodes } = await client.nodes(how);
  if (nodes.size === 0 || names.size < SERVICES_PER_NODE * nodes.size) return undefined;
  const found = new Map([...names].map((name) => [name, [] as ServiceInstance[]]));
  let lowest: bigint | undefined;
  await forEachParallel(nodes.keys(), parallelReads, async (node) => {
    const entries = await client.nodeEntries(node, how);
    const checks = await client.nodeChecks(node, how);
    const index = larger(soundIndex(entries.index), soundIndex(checks.index));
    if (lowest === undefined || index < lowest) lowest = index;
    for (const instance of instancesOn(entries.value, checks.value)) found.get(instance.service)?.push(instance);
  });
  const index = (lowest ?? 1n).toString();
  return new Map([...found].map(([name, instances]) => [name, { index, value: inInstanceOrder(alike(instances)) }]));
}

function instancesOn(entries: readonly NodeEntry[], checks: readonly NodeCheck[]): readonly ServiceInstance[] {
  const ofNode = checks.filter(({ ServiceID }) => (ServiceID ?? "") === "");
  const byService = new Map<string, NodeCheck[]>();
  for (const check of checks) {
    if ((check.ServiceID ?? "") === "") continue;
    const own = byService.get(check.ServiceID ?? "");
    if (own === undefined) byService.set(check.ServiceID ?? "", [check]);
    else own.push(check);
  }
  return entries.map((entry) =>
    instanceOf({ ...entry, Checks: [...ofNode, ...(byService.get(entry.Service.ID) ?? [])] }),
  );
}

/** Instances of one service have mostly the same tags, and of thousands of them each text would be there three times. */
function alike(instances: readonly ServiceInstance[]): readonly ServiceInstance[] {
  const [first, ...others] = instances;
  if (first === undefined) return instances;
  const { service, tags } = first;
  return [
    first,
    ...others.map((one) => ({ ...one, service, tags: isDeepStrictEqual(one.tags, tags) ? tags : one.tags })),
  ];
}

function larger(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}
