import type { CatalogClient } from "../catalog-client.ts";
import { createChangedServices } from "../watch/changed-services.ts";
import { watchServiceList } from "../watch/service-list.ts";
import type { WatchContext, WatchStart } from "../watch/watch.ts";

/**
 * For catalogs with more services than connections. Nomad's list wakes on every registration in its namespaces without
 * saying whose, and a changed port leaves it as it was, so every watched service is read again. Correct, and dear. The
 * next sweep starts when the last one has ended: a busy catalog slows the sweeps, it never piles them up.
 */
export async function watchBySweeps(
  context: WatchContext<CatalogClient>,
  start: WatchStart,
  signal: AbortSignal,
): Promise<void> {
  const { store } = context;
  const changed = createChangedServices(context);
  const list = watchServiceList(
    context,
    start.listIndex,
    (watched) => {
      for (const name of store.services) if (!watched.has(name)) store.remove(name);
      changed.mark(watched);
    },
    signal,
  );
  await Promise.all([list, changed.run(signal)]);
}
