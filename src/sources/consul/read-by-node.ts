import { isDeepStrictEqual } from "node:util";
import type { ServiceInstance } from "../../core/catalog/snapshot.ts";
import type { CatalogRead } from "../catalog/catalog-client.ts";
import { inInstanceOrder } from "../catalog/instance-order.ts";
import { soundIndex } from "../polling/query-index.ts";
import { forEachParallel } from "../polling/work-pool.ts";
import type { BulkAnswer } from "../watch/full-read.ts";
import type { ConsulClient } from "./client.ts";
import { instanceOf, type NodeCheck, type NodeEntry } from "./decode.ts";

/** So few are read one by one as quickly as it takes to find out about the nodes. */
const FEWEST_SERVICES = 64;
/** Two answers for a node are dearer than one for a service: there must be so many services for each of them. */
const SERVICES_PER_NODE = 4;

/**
 * Reads services node by node, where that takes far fewer requests than service by service: 102 instead of 5,000 on 51
 * nodes. Undefined where it does not. What comes with each service is the lowest index of all answers: up to that write
 * everything is shown. It is no service's own index. Rejects with a CatalogError.
 */
export async function readByNode(
  client: ConsulClient,
  names: ReadonlySet<string>,
  parallelReads: number,
  how: CatalogRead,
): Promise<ReadonlyMap<string, BulkAnswer> | undefined> {
  if (names.size < FEWEST_SERVICES) return undefined;
  const { value: nodes } = await client.nodes(how);
  if (nodes.size === 0 || names.size < SERVICES_PER_NODE * nodes.size) return undefined;
  const found = new Map([...names].map((name) => [name, [] as ServiceInstance[]]));
  const reads: NodeRead[] = [];
  await forEachParallel(nodes.keys(), parallelReads, async (node) => {
    const entries = await client.nodeEntries(node, how);
    const checks = await client.nodeChecks(node, how);
    reads.push({
      node,
      size: entries.value.length,
      entriesUpTo: soundIndex(entries.index),
      checksUpTo: soundIndex(checks.index),
    });
    for (const instance of instancesOn(entries.value, checks.value)) found.get(instance.service)?.push(instance);
  });
  const shownUpTo = await writeShownByAll(client, reads, how);
  return new Map(
    [...found].map(([name, instances]) => [name, { shownUpTo, instances: inInstanceOrder(alike(instances)) }]),
  );
}

/** The two answers for a node. */
interface NodeRead {
  readonly node: string;
  /** How many registrations it has. */
  readonly size: number;
  /** The write up to which its registrations are shown. */
  readonly entriesUpTo: bigint;
  /** Of its checks, which were read afterwards. */
  readonly checksUpTo: bigint;
}

/**
 * The write up to which every answer shows everything. A registration may have been written between the two answers for a
 * node, and the index of the second, which counts checks, may be beyond it. So that index counts only where the smallest
 * node, asked once more at the end, shows that no registration was written meanwhile.
 */
async function writeShownByAll(client: ConsulClient, reads: readonly NodeRead[], how: CatalogRead): Promise<bigint> {
  const smallest = reads.reduce<NodeRead | undefined>(
    (least, one) => (one.size < (least?.size ?? Infinity) ? one : least),
    undefined,
  );
  if (smallest === undefined) return 1n;
  const last = soundIndex((await client.nodeEntries(smallest.node, how)).index);
  const isQuiet = reads.every(({ entriesUpTo }) => entriesUpTo === last);
  return reads
    .map(({ entriesUpTo, checksUpTo }) => (isQuiet && checksUpTo > entriesUpTo ? checksUpTo : entriesUpTo))
    .reduce((lowest, one) => (one < lowest ? one : lowest));
}

/** The registrations of a node, each with its own checks and those of the node. */
export function instancesOn(entries: readonly NodeEntry[], checks: readonly NodeCheck[]): readonly ServiceInstance[] {
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
