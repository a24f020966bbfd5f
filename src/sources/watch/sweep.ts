import type { CatalogClient } from "../catalog/catalog-client.ts";
import { createChangedServices } from "./changed-services.ts";
import { watchServiceList } from "./service-list.ts";
import type { WatchContext, WatchStart } from "./watch.ts";

/**
 * For catalogs with more services than connections, where nothing says which of them has changed: the list of services
 * wakes on any change of any instance, and every watched service is read again. What is marked already is not marked
 * twice, so a busy catalog slows the sweeps, never piles them up.
 */
export async function watchByServiceSweeps(
  context: WatchContext<CatalogClient>,
  start: WatchStart,
  signal: AbortSignal,
): Promise<void> {
  const { store } = context;
  let listed: ReadonlySet<string> = new Set(start.shownUpTo.keys());
  const changed = createChangedServices(context, {
    has: (service) => listed.has(service),
    marksEachRegistration: false,
  });
  const list = watchServiceList(
    context,
    start.listIndex,
    (watched) => {
      listed = watched;
      store.keepOnly(watched);
      changed.mark(watched);
    },
    signal,
  );
  await Promise.all([list, changed.run(signal)]);
}
