import { z } from "zod";
import { ALLOCATION_STATUSES } from "../../core/catalog/allocation.ts";
import {
  type GroupedInstances,
  groupInstances,
  NONE_GROUPED,
  wholeChange,
} from "../../core/catalog/grouped-instances.ts";
import { type Catalog, PARTIAL_VIEW_REASONS, PLAIN, type ServiceInstance } from "../../core/catalog/snapshot.ts";
import { isSameList } from "../../core/incremental/same-list.ts";
import type { StoredSnapshot } from "../../daemon/stored-snapshot.ts";
import type { JournalContent, JournalItems } from "../../output/state/journal-content.ts";
import { createJournalFile } from "../../output/state/journal-file.ts";
import { mapState } from "../../output/state/loaded-state.ts";
import { PRODUCTS } from "../../sources/catalog/product.ts";
import { lastingName } from "./lasting-name.ts";
import { packRecords, unpackRecords } from "./packed-records.ts";
import type { StoredState } from "./state-access.ts";

const FORMAT = 2;

const nomadName = z.string().transform(lastingName);

const head = z.object({
  source: z.string().transform(lastingName),
  readAtMs: z.number(),
  signs: z.array(z.enum(PARTIAL_VIEW_REASONS)).readonly().exactOptional(),
});

const allocation = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("of-job"),
    nomad: nomadName,
    namespace: z.string(),
    job: z.string(),
    group: z.string().exactOptional(),
    node: z.string().exactOptional(),
    isCanary: z.boolean(),
    isStopped: z.literal(true).exactOptional(),
    hasEnded: z.literal(true).exactOptional(),
    isLeaving: z.literal(true).exactOptional(),
    health: z
      .object({
        status: z.enum(ALLOCATION_STATUSES),
        check: z.string().exactOptional(),
        by: z.enum(["tasks", "deployment"]).exactOptional(),
        wasHealthy: z.literal(true).exactOptional(),
      })
      .exactOptional(),
  }),
  z.object({ kind: z.literal("elsewhere"), nomad: nomadName }),
  z.object({ kind: z.literal("untold") }),
]);

const instances = z.array(
  z.object({
    catalog: z.custom<Catalog>((value) => typeof value === "string" && Object.hasOwn(PRODUCTS, value)),
    service: z.string(),
    id: z.string(),
    node: z.string(),
    nodeId: z.string(),
    datacenter: z.string(),
    namespace: z.string(),
    job: z.string().exactOptional(),
    allocation: allocation.exactOptional(),
    nodeAddress: z.string(),
    address: z.string(),
    port: z.number(),
    tags: z.array(z.string()),
    checks: z.array(
      z.object({ id: z.string(), name: z.string(), status: z.string(), ofNode: z.literal(true).exactOptional() }),
    ),
    // Left out where they are the defaults.
    meta: z.record(z.string(), z.string()).default(PLAIN.meta),
    taggedAddresses: z
      .record(z.string(), z.object({ address: z.string(), port: z.number() }))
      .default(PLAIN.taggedAddresses),
    weights: z.object({ passing: z.number(), warning: z.number() }).default(PLAIN.weights),
    createIndex: z.number(),
  }),
);

/**
 * The file for the last good snapshot of one source: a line for each service, so that a change costs the lines of the services
 * that it changes.
 */
export function createLastGoodFile(path: string): StoredState<StoredSnapshot> {
  let latest = NONE_GROUPED;
  const file = createJournalFile({
    path,
    format: FORMAT,
    encodeItem: (own: readonly ServiceInstance[]) => packRecords(own, PLAIN),
    decodeHead: (value) => head.safeParse(value).data,
    decodeItem: (value) => instances.safeParse(unpackRecords(value)).data,
    isSame: (one, other) => isSameList(one, other),
    keysBetween: changedServices,
  });
  return {
    load: async () => mapState(await file.load(), storedSnapshot),
    look: async () => mapState(await file.look(), storedSnapshot),
    save({ instances, partialViewReasons, ...known }, nowMs) {
      const signs = partialViewReasons === undefined ? {} : { signs: partialViewReasons };
      latest = groupInstances(instances, latest);
      return file.save({ head: { ...known, ...signs }, items: itemsOf(latest) }, nowMs);
    },
  };
}

/** Instances by service, as a journal takes them. */
interface StoredServices extends JournalItems<readonly ServiceInstance[]> {
  readonly grouped: GroupedInstances;
}

function itemsOf(grouped: GroupedInstances): StoredServices {
  const { services } = grouped;
  return { size: services.size, get: services.get, keys: services.keys, grouped };
}

function changedServices({ grouped: before }: StoredServices, { grouped: after }: StoredServices) {
  const change = wholeChange(before, after.instances);
  return change && new Set([...change.left.keys(), ...change.came.keys()]);
}

function storedSnapshot({
  head: { signs, ...known },
  items,
}: JournalContent<z.infer<typeof head>, readonly ServiceInstance[]>): StoredSnapshot {
  const reasons = signs === undefined ? {} : { partialViewReasons: signs };
  return { ...known, ...reasons, instances: [...items.values()].flat() };
}
