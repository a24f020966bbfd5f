import type { Clock } from "../../base/clock.ts";
import type { ServiceInstance } from "../../core/catalog/snapshot.ts";
import type { CatalogClient, CatalogRead, Consistency, ServiceList } from "../catalog/catalog-client.ts";
import { CatalogError, unreadable } from "../catalog/catalog-error.ts";
import { type IndexOf, listIndexOf, serviceIndexOf } from "../catalog/index-of.ts";
import type { Moment, SnapshotStore } from "../catalog/snapshot-store.ts";
import { soundIndex } from "../polling/query-index.ts";
import { forEachParallel } from "../polling/work-pool.ts";
import { createHiddenServices } from "./hidden-services.ts";
import type { Visibility } from "./visibility.ts";
import type { WatchStart } from "./watch.ts";

export interface FullReadOptions {
  readonly client: CatalogClient;
  readonly readInBulk: BulkRead | undefined;
  readonly store: SnapshotStore;
  readonly visibility: Visibility;
  readonly clock: Clock;
  /**
   * Nothing is known yet, so that there is nothing to compare the answers with. A server that was restarted answers from
   * what it has read of its log so far, plain reads of the leader included: the list is asked for with the strongest
   * consistency, which waits for all of the log, and the services of the leader after it. An empty catalog that does not
   * show all it has is an error.
   */
  readonly isFirst: boolean;
  /** No watch is running: an index that is lower than before means another catalog, not an older answer. */
  readonly isAlone: boolean;
  readonly parallelReads: number;
  readonly consistency: Consistency;
  isWatched(unionTags: readonly string[], service: string): boolean;
  /** Rejects with a CatalogError where a first read without a service has another cause than an empty catalog. */
  explainEmpty?(signal: AbortSignal): Promise<void>;
}

/** What was read of a service among others. */
export interface BulkAnswer {
  readonly instances: readonly ServiceInstance[];
  /** The write up to which the instances are shown. */
  readonly shownUpTo: bigint;
}

/** Reads of many services at once, where the product has something better than one after the other. */
export type BulkRead = (
  names: ReadonlySet<string>,
  parallelReads: number,
  how: CatalogRead,
) => Promise<ReadonlyMap<string, BulkAnswer> | undefined>;

/** What was read of each service; with the index that is its own where it was read by itself. */
export type InstanceAnswers = ReadonlyMap<string, BulkAnswer & { readonly index?: IndexOf<"service"> | undefined }>;

/** Reads services, in bulk where that is better. Rejects with a CatalogError as soon as one read fails. */
export async function readInstances(
  { client, readInBulk, parallelReads }: Pick<FullReadOptions, "client" | "readInBulk" | "parallelReads">,
  names: readonly string[],
  how: CatalogRead,
): Promise<InstanceAnswers> {
  const inBulk = await readInBulk?.(new Set(names), parallelReads, how);
  if (inBulk !== undefined) return inBulk;
  const answers = new Map<string, BulkAnswer & { readonly index: IndexOf<"service"> | undefined }>();
  await forEachParallel(names, parallelReads, async (name) => {
    const { value: instances, index } = await client.instances(name, how);
    const shownUpTo = soundIndex(index);
    answers.set(name, { instances, shownUpTo, index: serviceIndexOf(name, instances, shownUpTo) });
  });
  return answers;
}

/**
 * Reads the service list and every watched service once. All or nothing: what was read is put into the store only when
 * every read has succeeded; otherwise the first CatalogError is thrown and the store is as before. What a watch brings
 * meanwhile is newer and stays.
 */
export function readEverything(options: FullReadOptions, signal: AbortSignal): Promise<WatchStart> {
  return options.store.duringRead((began) => readSince(began, options, signal));
}

async function readSince(began: Moment, options: FullReadOptions, signal: AbortSignal): Promise<WatchStart> {
  const { client, store, visibility, consistency } = options;
  visibility.beginRead();
  const list = await client.services({ index: 0n, consistency: options.isFirst ? "consistent" : consistency, signal });
  const names = [...list.value].filter(([name, tags]) => options.isWatched(tags, name)).map(([name]) => name);
  if (options.isFirst && names.length === 0) {
    requireSight(list.value, client, visibility);
    await options.explainEmpty?.(signal);
  }
  const answers = await readInstances(options, names, { index: 0n, consistency, signal });
  const [first] = names;
  if (first !== undefined && [...answers.values()].every(({ instances }) => instances.length === 0)) {
    const absence = await createHiddenServices(client, 1, signal).find(first);
    if (absence === "hidden") throw unreadable(names.length === 1 ? first : `${names.length} services`);
    if (absence === "back") return await readSince(began, options, signal);
  }

  visibility.sawList(list.value);
  visibility.endRead();
  const listIndex = listIndexOf(soundIndex(list.index));
  if (options.isAlone) store.noteListIndex(listIndex, options.clock.nowMs());
  for (const gone of [...store.services()]) if (!answers.has(gone)) store.remove(gone, began);
  for (const [name, { instances, index }] of answers) {
    store.put(name, instances, { from: "complete-read", began, index });
  }
  const shownUpTo = new Map([...answers].map(([name, answer]) => [name, answer.shownUpTo]));
  const ownIndexes = new Map([...answers].flatMap(([name, { index }]) => (index === undefined ? [] : [[name, index]])));
  return { listIndex, listed: list.value.size, shownUpTo, ownIndexes };
}

/** Throws E_CATALOG_DENIED where a catalog without a service to chart shows a sign that it hides something. */
function requireSight(list: ServiceList, client: CatalogClient, visibility: Visibility): void {
  visibility.sawList(list);
  const { partialViewReasons: reasons } = visibility;
  if (reasons.length === 0) return;
  throw new CatalogError(
    "E_CATALOG_DENIED",
    `${client.target()}: no service asks for a route, and the catalog does not tell all it knows (${reasons.join(", ")}); give the token its rights (or wait until its file is there); nothing is charted before`,
  );
}
