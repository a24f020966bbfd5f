import { followBlockingQuery } from "../blocking-query.ts";
import { createPollGroup } from "../poll-group.ts";
import { watchServiceList } from "./service-list.ts";
import type { WatchContext, WatchStart } from "./watch.ts";

/**
 * One long poll for the list of services and one for each watched service: a change costs one answer of two kilobytes,
 * and nothing else is read. Needs a connection for each service over HTTP/1.1, so it is for small catalogs.
 */
export async function watchPerService(context: WatchContext, start: WatchStart, signal: AbortSignal): Promise<void> {
  const { client, store } = context;
  const startIndexes = new Map(start.serviceIndexes);

  const services = createPollGroup(
    {
      poll(name, ending) {
        const target = client.target(name);
        const startIndex = startIndexes.get(name) ?? 0n;
        startIndexes.delete(name);
        return followBlockingQuery(
          {
            startIndex,
            fetch: (index, s) => client.instances(name, { index, consistency: "stale", signal: s }),
            answered: (instances, index) => {
              context.succeeded(target);
              store.put(name, instances, index, "watch");
            },
            failed: (error, retryInMs) => context.failed(error, target, retryInMs),
            untilWorthTrying: context.untilWorthTrying,
          },
          context,
          ending,
        );
      },
      left(name) {
        context.succeeded(client.target(name));
        store.remove(name);
      },
    },
    signal,
  );

  services.follow(start.serviceIndexes.keys());
  const list = watchServiceList(context, start.listIndex, (watched) => services.follow(watched), signal);
  await Promise.race([list, services.broken]);
  await services.settled();
}
