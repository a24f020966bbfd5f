import { CatalogError, unreadable } from "../catalog/catalog-error.ts";
import { serviceIndexOf } from "../catalog/index-of.ts";
import { type BlockingQuery, followBlockingQuery } from "../polling/blocking-query.ts";
import { createPollGroup } from "../polling/poll-group.ts";
import { watchServiceList } from "./service-list.ts";
import type { WatchContext, WatchStart } from "./watch.ts";

/** How long the list may take to say that a service has gone, once its own poll finds no instance; then it is asked again. */
const FIRST_DOUBT_MS = 50;
const LATER_DOUBTS_MS = 1_000;

/**
 * One long poll for the list of services and one for each watched service: a change costs one answer of two kilobytes,
 * and the list's. Over HTTP/1.1 each poll needs a connection, over HTTP/2 hundreds share one.
 */
export async function watchPerService(context: WatchContext, start: WatchStart, signal: AbortSignal): Promise<void> {
  const { client, store } = context;
  const startIndexes = new Map(start.shownUpTo);

  /** Where the complete read ended, the first time that a service is followed. */
  function startOf(name: string): Pick<BlockingQuery<unknown>, "startIndex" | "ownIndex"> {
    const startIndex = startIndexes.get(name);
    if (startIndex === undefined) return { startIndex: 0n };
    const own = start.ownIndexes.get(name);
    return own === undefined ? { startIndex } : { startIndex, ownIndex: own.write };
  }

  /**
   * Follows one service until it has no instance. An empty answer is not believed while the list names the service: a token
   * that may not read nodes gets it too.
   */
  async function follow(
    name: string,
    { startIndex, ownIndex }: Pick<BlockingQuery<unknown>, "startIndex" | "ownIndex">,
    ending: AbortSignal,
  ): Promise<void> {
    const target = client.target(name);
    const empty = new AbortController();
    await followBlockingQuery(
      {
        startIndex,
        ...(ownIndex === undefined ? {} : { ownIndex }),
        fetch: (index, s) => client.instances(name, { index, consistency: "stale", signal: s }),
        answered: (instances, index) => {
          if (instances.length === 0) {
            empty.abort();
            return;
          }
          context.succeeded(target);
          store.put(name, instances, { from: "watch", index: serviceIndexOf(name, instances, index) });
        },
        // Of a service that has lost its last instance some versions let the index fall without any reset: the list shows which it is.
        reset: (instances) => {
          if (instances.length > 0) context.noteReset();
          else context.restarts.startAnew();
        },
        failed: (error, retryInMs) => context.failed(error, target, retryInMs),
        untilWorthTrying: context.untilWorthTrying,
      },
      context,
      AbortSignal.any([ending, empty.signal]),
    );
  }

  /** The list may only be late; it says itself when a service has gone. */
  async function findOut(name: string, pauseMs: number): Promise<void> {
    try {
      if ((await context.hidden.find(name)) === "hidden")
        context.failed(unreadable(name), client.target(name), pauseMs);
    } catch (error) {
      if (!(error instanceof CatalogError)) throw error;
      if (!signal.aborted) context.failed(error, client.target(name), pauseMs);
    }
  }

  const services = createPollGroup(
    {
      async poll(name, ending) {
        let from = startOf(name);
        startIndexes.delete(name);
        for (let doubts = 0; !ending.aborted; doubts += 1) {
          await follow(name, from, ending);
          from = { startIndex: 0n };
          const pauseMs = doubts === 0 ? FIRST_DOUBT_MS : LATER_DOUBTS_MS;
          await context.clock.sleep(pauseMs, ending);
          if (!ending.aborted && doubts > 0) await findOut(name, pauseMs);
        }
      },
      left: (name) => context.succeeded(client.target(name)),
    },
    signal,
  );

  services.follow(start.shownUpTo.keys());
  const list = watchServiceList(
    context,
    start.listIndex,
    (watched) => {
      services.follow(watched);
      store.keepOnly(watched);
    },
    signal,
  );
  await Promise.race([list, services.broken]);
  await services.settled();
}
