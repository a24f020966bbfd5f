import { CatalogError } from "../catalog/catalog-error.ts";
import { serviceIndexOf } from "../catalog/index-of.ts";
import { soundIndex } from "../polling/query-index.ts";
import { forEachParallel } from "../polling/work-pool.ts";
import { type BulkRead, readInstances } from "./full-read.ts";
import type { WatchContext } from "./watch.ts";

/** What a watch is about to bring is no difference: it is given this long. */
const SETTLE_MS = 2_000;
/** No change waits for a resync, so it leaves the connections to the reads that changes wait for. */
const PARALLEL_READS = 2;

export interface ResyncOptions extends WatchContext {
  readonly everyMs: number;
  readonly readInBulk: BulkRead | undefined;
  /** What the watch should have brought, and did not. */
  missed(services: readonly string[]): void;
}

/**
 * Reads everything again now and then, as the second net below the watch, and reports what the watch has missed. Spread
 * by a tenth around its time, so that a fleet does not read in step. A failed resync is left to the next one: the watch
 * tells about a catalog that does not answer.
 */
export async function resyncNowAndThen(options: ResyncOptions, signal: AbortSignal): Promise<void> {
  const { clock, random, everyMs } = options;
  while (!signal.aborted) {
    await clock.sleep(everyMs * (0.9 + 0.2 * random()), signal);
    if (signal.aborted) return;
    try {
      const suspects = await differences(options, signal);
      if (suspects.length === 0) continue;
      await clock.sleep(SETTLE_MS, signal);
      const missed = await putRight(options, suspects, signal);
      if (missed.length > 0) options.missed(missed);
    } catch (error) {
      if (!(error instanceof CatalogError)) throw error;
    }
  }
}

/** The services that the catalog shows otherwise than they are known. */
async function differences(
  { client, readInBulk, store, visibility, isWatched }: ResyncOptions,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const how = { index: 0n, consistency: "stale", signal } as const;
  const { value: listed } = await client.services(how);
  visibility.sawList(listed);
  const names = [...listed].filter(([name, tags]) => isWatched(tags, name)).map(([name]) => name);
  const found = [...store.services()].filter((name) => !listed.has(name));
  const answers = await readInstances({ client, readInBulk, parallelReads: PARALLEL_READS }, names, how);
  for (const [name, { instances }] of answers) if (!store.holds(name, instances)) found.push(name);
  return found;
}

/** Reads them from the leader; those that are still otherwise are put right and returned. */
async function putRight(
  { client, store, hidden, isWatched }: ResyncOptions,
  suspects: readonly string[],
  signal: AbortSignal,
): Promise<readonly string[]> {
  const missed: string[] = [];
  await forEachParallel(suspects, PARALLEL_READS, async (name) => {
    const { value, index } = await client.instances(name, { index: 0n, consistency: "default", signal });
    // One that the list still names is hidden rather than gone, or has just come back: the watch tells.
    if (value.length === 0 && (await hidden.find(name)) !== "gone") return;
    const isKept =
      value.length > 0 &&
      isWatched(
        value.flatMap(({ tags }) => tags),
        name,
      );
    const isNews = isKept
      ? store.put(name, value, { from: "read", index: serviceIndexOf(name, value, soundIndex(index)) })
      : store.remove(name);
    if (isNews) missed.push(name);
  });
  return missed;
}
