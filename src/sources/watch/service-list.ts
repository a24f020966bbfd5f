import type { ServiceList } from "../catalog/catalog-client.ts";
import { type IndexOf, listIndexOf } from "../catalog/index-of.ts";
import { followBlockingQuery } from "../polling/blocking-query.ts";
import type { WatchContext } from "./watch.ts";

/**
 * Follows the list of services. Consul and Nomad wake this query on any change of any instance, even where the list stays the
 * same, so every answer is delivered: the names whose union of tags makes them worth watching,
 * all services, and the index, which is 0 where the catalog's has just fallen.
 */
export async function watchServiceList(
  context: WatchContext,
  start: IndexOf<"service-list">,
  answered: (watched: ReadonlySet<string>, services: ServiceList, index: bigint) => void,
  signal: AbortSignal,
): Promise<void> {
  const target = context.client.target();
  await followBlockingQuery(
    {
      startIndex: start.write,
      ownIndex: start.write,
      fetch: (index, s) => context.client.services({ index, consistency: "stale", signal: s }),
      answered: (services, index) => {
        context.succeeded(target);
        // 0 means that it is not known at the moment.
        if (index > 0n) context.store.noteListIndex(listIndexOf(index), context.clock.nowMs());
        context.visibility.sawList(services);
        const watched = new Set(
          [...services].filter(([name, tags]) => context.isWatched(tags, name)).map(([name]) => name),
        );
        context.shapeSeen({ listed: services.size, services: watched.size });
        // A change of strategy ends this watch; nothing may be started for it meanwhile.
        if (!signal.aborted) answered(watched, services, index);
      },
      reset: () => context.noteReset(),
      failed: (error, retryInMs) => context.failedProbe(error, target, retryInMs),
    },
    context,
    signal,
  );
}
