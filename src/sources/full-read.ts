import type { Clock } from "../clock.ts";
import type { CatalogClient, Consistency } from "./catalog-client.ts";
import { unreadable } from "./catalog-error.ts";
import { soundIndex } from "./query-index.ts";
import type { SliceStore } from "./slice-store.ts";
import type { Visibility } from "./visibility.ts";
import type { WatchStart } from "./watch/watch.ts";
import { forEachParallel } from "./work-pool.ts";

export interface FullReadOptions {
  readonly client: CatalogClient;
  readonly store: SliceStore;
  readonly visibility: Visibility;
  readonly clock: Clock;
  /** No watch is running: an index that is lower than before means another catalog, not an older answer. */
  readonly isAlone: boolean;
  readonly parallelReads: number;
  readonly consistency: Consistency;
  isWatched(unionTags: readonly string[]): boolean;
}

/**
 * Reads the service list and every watched service once. All or nothing: what was read is put into the store only when
 * every read has succeeded; otherwise the first CatalogError is thrown and the store is as before. What a watch brings
 * meanwhile is newer and stays.
 */
export async function readEverything(options: FullReadOptions, signal: AbortSignal): Promise<WatchStart> {
  const { client, store, visibility, consistency } = options;
  visibility.beginRead();
  const list = await client.services({ index: 0n, consistency, signal });
  const names = [...list.value].filter(([, tags]) => options.isWatched(tags)).map(([name]) => name);
  const answers = new Map<string, Awaited<ReturnType<CatalogClient["instances"]>>>();
  await forEachParallel(names, options.parallelReads, async (name) => {
    answers.set(name, await client.instances(name, { index: 0n, consistency, signal }));
  });
  if (names.length > 1 && [...answers.values()].every(({ value }) => value.length === 0))
    throw unreadable(`${names.length} services`);

  visibility.sawList(list.value);
  visibility.endRead();
  const listIndex = soundIndex(list.index);
  if (options.isAlone) store.noteListIndex(listIndex, options.clock.nowMs());
  const serviceIndexes = new Map([...answers].map(([name, answer]) => [name, soundIndex(answer.index)]));
  for (const gone of [...store.services()]) if (!answers.has(gone)) store.remove(gone, listIndex);
  for (const [name, answer] of answers) store.put(name, answer.value, serviceIndexes.get(name) ?? 1n, "read");
  return { listIndex, listed: list.value.size, serviceIndexes };
}
