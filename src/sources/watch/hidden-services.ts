import { createDeferred, type Deferred } from "../../base/deferred.ts";
import type { CatalogClient, ServiceList } from "../catalog/catalog-client.ts";
import { type IndexOf, listIndexOf } from "../catalog/index-of.ts";
import { soundIndex } from "../polling/query-index.ts";
import { forEachParallel } from "../polling/work-pool.ts";

/** In a catalog that never rests, a service that is listed and empty so many times in a row is hidden. */
const MOST_ROUNDS = 3;

/**
 * Why a service that was listed answered without instances: it has `gone` meanwhile, it is `back`, or its instances are
 * `hidden`, as from a token that may read services and not the nodes they are on.
 */
export type Absence = "gone" | "back" | "hidden";

/** Finds out, with two lists and a read of each service for all that are in doubt at the time. */
export interface HiddenServices {
  /** Rejects with a CatalogError. */
  find(name: string): Promise<Absence>;
}

/**
 * A service is hidden where the list names it, it is read without instances, and the list names it again under the very
 * same index: then nothing was registered or deregistered in between. All are asked of the leader, one after the other, so
 * that a service that was deregistered a moment ago, or a list that is late, is not taken for a lack of rights.
 */
export function createHiddenServices(
  client: CatalogClient,
  parallelReads: number,
  signal: AbortSignal,
): HiddenServices {
  const waiting = new Map<string, Deferred<Absence>>();
  let isRunning = false;

  async function list(): Promise<Listed> {
    const { value, index } = await client.services({ index: 0n, consistency: "default", signal });
    return { names: value, index: listIndexOf(soundIndex(index)) };
  }

  async function judge(doubtful: Iterable<string>): Promise<ReadonlyMap<string, Absence>> {
    const found = new Map<string, Absence>();
    let left = [...doubtful];
    let before = await list();
    for (let round = 1; left.length > 0; round += 1) {
      const listed = before;
      await forEachParallel(left, parallelReads, async (name) => {
        if (!listed.names.has(name)) found.set(name, "gone");
        else if (await hasInstances(name)) found.set(name, "back");
      });
      const after = await list();
      left = left.filter((name) => !found.has(name));
      for (const name of left) {
        if (!after.names.has(name)) found.set(name, "gone");
        else if (after.index.isSameAs(before.index) || round === MOST_ROUNDS) found.set(name, "hidden");
      }
      left = left.filter((name) => !found.has(name));
      before = after;
    }
    return found;
  }

  async function hasInstances(name: string): Promise<boolean> {
    return (await client.instances(name, { index: 0n, consistency: "default", signal })).value.length > 0;
  }

  async function judgeWaiting(): Promise<void> {
    isRunning = true;
    while (waiting.size > 0) {
      const doubtful = new Map(waiting);
      waiting.clear();
      try {
        const found = await judge(doubtful.keys());
        for (const [name, { resolve }] of doubtful) resolve(found.get(name) ?? "back");
      } catch (error) {
        for (const { reject } of doubtful.values()) reject(error);
      }
    }
    isRunning = false;
  }

  return {
    async find(name) {
      const verdict = waiting.get(name) ?? createDeferred<Absence>();
      waiting.set(name, verdict);
      if (!isRunning) void judgeWaiting();
      return await verdict.promise;
    },
  };
}

interface Listed {
  readonly names: ServiceList;
  readonly index: IndexOf<"service-list">;
}
