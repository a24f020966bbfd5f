import type { CatalogClient } from "../catalog-client.ts";
import type { ChangedServices } from "./changed-services.ts";
import { watchServiceList } from "./service-list.ts";
import type { WatchContext, WatchStart } from "./watch.ts";

/**
 * Follows the list of services alone: it wakes on any change of any instance without saying which, so every watched
 * service is marked for reading. The next sweep starts when the last one has ended, so a busy catalog slows the sweeps,
 * never piles them up.
 */
export async function sweepServices(
  context: WatchContext<CatalogClient>,
  start: WatchStart,
  changed: ChangedServices,
  signal: AbortSignal,
): Promise<void> {
  const { store } = context;
  await watchServiceList(
    context,
    start.listIndex,
    (watched) => {
      for (const name of store.services) if (!watched.has(name)) store.remove(name);
      changed.mark(watched);
    },
    signal,
  );
}
