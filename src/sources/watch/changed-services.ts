import { createDeferred } from "../../base/deferred.ts";
import type { ServiceInstance } from "../../core/catalog/snapshot.ts";
import { CatalogError, unreadable } from "../catalog/catalog-error.ts";
import { serviceIndexOf } from "../catalog/index-of.ts";
import { retryDelayMs } from "../polling/backoff.ts";
import { soundIndex } from "../polling/query-index.ts";
import type { WatchContext } from "./watch.ts";

/** The pause before a doubtful answer is asked for again: its cause may be over by then. */
const FIRST_DOUBT_MS = 100;
/** So long the list may take to say that a service has gone. */
const LATE_LIST_MS = 1_000;

/** What names services elsewhere than in their own answers. */
export interface Listing {
  /** Whether it names the service now: then an empty answer contradicts it and is not believed. */
  has(service: string): boolean;
  /**
   * Whether every registration shows in it, and marks its service then. So an empty answer of a service that it does not name
   * either settles what the service was marked for until now: a later registration marks it anew.
   */
  readonly marksEachRegistration: boolean;
  /** What is known of single instances from elsewhere; left out where nothing is. */
  readonly instances?: InstanceListing;
}

/** What names instances elsewhere than in the answers about their services. */
export interface InstanceListing {
  /** How much was taken in so far: later means more. */
  moment(): number;
  /**
   * Whether the service has to be read once more, since one of its instances is not named by what was taken in since its answer was
   * asked for: which of the two is older cannot be known. Instances that what comes next should name are held against that.
   */
  contradicts(service: string, instances: readonly ServiceInstance[], askedAt: number): boolean;
}

/** Services that must be read again, each at most once at a time. */
export interface ChangedServices {
  mark(names: Iterable<string>): void;
  /** Those that are being read: news that comes now may be newer than the answer, and they may be in no snapshot yet. */
  readonly underWay: ReadonlySet<string>;
  /** Reads what is marked until aborted. */
  run(signal: AbortSignal): Promise<void>;
}

/**
 * Reads marked services again, a bounded number at a time. These reads go to the leader: a stale server might not have
 * seen yet what woke us, and nothing would wake us again for the same change. A failed read keeps what is in the store
 * and is tried again. A service without instances leaves the store.
 *
 * An answer under a lower index than the last own one may be one that was overtaken, so that the service is read once more.
 * When that says the same, the catalog is another one: its queries that wait with an index from the future start anew.
 *
 * A token that may not read nodes gets empty answers, with status 200: the listing contradicts them.
 */
export function createChangedServices(context: WatchContext, listing: Listing): ChangedServices {
  const { client, store, clock } = context;
  const marked = new Set<string>();
  const reading = new Set<string>();
  const contradictions = new Map<string, number>();
  const overtaken = new Set<string>();
  let wake = createDeferred();

  async function read(name: string, signal: AbortSignal): Promise<"believed" | "contradicted" | "overtaken"> {
    const askedAt = listing.instances?.moment() ?? 0;
    const { value, index } = await client.instances(name, { index: 0n, consistency: "default", signal });
    const readIndex = serviceIndexOf(name, value, soundIndex(index));
    if (value.length === 0 && listing.has(name) && !(await isUnlistedMeanwhile(name, signal))) return "contradicted";
    context.succeeded(client.target(name));
    contradictions.delete(name);
    if (value.length === 0 && listing.marksEachRegistration) marked.delete(name);
    if (!store.knowsNewer(name, readIndex)) overtaken.delete(name);
    else if (overtaken.delete(name)) context.noteReset();
    else {
      overtaken.add(name);
      return "overtaken";
    }
    const union = value.flatMap((instance) => instance.tags);
    if (value.length > 0 && context.isWatched(union, name)) store.put(name, value, { from: "read", index: readIndex });
    else store.remove(name);
    if (listing.instances?.contradicts(name, value, askedAt) === true) marked.add(name);
    return "believed";
  }

  async function readOne(name: string, signal: AbortSignal): Promise<void> {
    try {
      const outcome = await read(name, signal);
      if (outcome === "believed") return;
      if (outcome === "overtaken") await clock.sleep(FIRST_DOUBT_MS, signal);
      else await contradicted(name, signal);
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof CatalogError)) throw error;
      const delayMs = retryDelayMs(error, 4, context.random());
      context.failed(error, client.target(name), delayMs);
      await clock.sleep(delayMs, signal);
      await context.untilWorthTrying(error, signal);
    }
    marked.add(name);
  }

  /**
   * What names the service may be about to say that it has gone, so the first time is no contradiction yet: of thousands of
   * services the list is decoded for longer than a service. False where the service has to be read again anyway.
   */
  async function isUnlistedMeanwhile(name: string, signal: AbortSignal): Promise<boolean> {
    if (contradictions.has(name)) return false;
    const untilMs = clock.nowMs() + LATE_LIST_MS;
    const isWorthWaiting = () => !signal.aborted && clock.nowMs() < untilMs && listing.has(name) && !marked.has(name);
    while (isWorthWaiting()) await clock.sleep(FIRST_DOUBT_MS, signal);
    return listing.marksEachRegistration && !listing.has(name);
  }

  /** The catalog is asked why, but for the first time. Returns when it is time to read again. */
  async function contradicted(name: string, signal: AbortSignal): Promise<void> {
    const times = contradictions.get(name) ?? 0;
    contradictions.set(name, times + 1);
    if (times > 0) await clock.sleep(await pauseAfterDoubt(name, times), signal);
  }

  async function pauseAfterDoubt(name: string, times: number): Promise<number> {
    const absence = await context.hidden.find(name);
    if (absence === "back") return 0;
    // What listed the service is about to say the same, if it is so. To believe the list alone would take away for good what
    // a catalog hides for a moment: nothing wakes when it tells the truth again.
    if (absence === "gone") return retryDelayMs(unreadable(name), times, context.random());
    const error = unreadable(name);
    const delayMs = retryDelayMs(error, times, context.random());
    context.failed(error, client.target(name), delayMs);
    return delayMs;
  }

  return {
    mark(names) {
      for (const name of names) marked.add(name);
      wake.resolve();
    },
    underWay: reading,
    async run(signal) {
      let failure: { readonly error: unknown } | undefined;
      const stop = () => wake.resolve();
      signal.addEventListener("abort", stop, { once: true });
      while (!signal.aborted && failure === undefined) {
        for (const name of marked) {
          if (reading.size >= context.parallelReads) break;
          if (reading.has(name)) continue;
          marked.delete(name);
          reading.add(name);
          readOne(name, signal)
            .catch((error: unknown) => {
              failure = { error };
            })
            .finally(() => {
              reading.delete(name);
              wake.resolve();
            });
        }
        // Not a race with promises that live as long as the watch: each would keep something of every race.
        await wake.promise;
        wake = createDeferred();
      }
      signal.removeEventListener("abort", stop);
      if (failure !== undefined) throw failure.error;
    },
  };
}
