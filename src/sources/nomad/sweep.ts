import type { CatalogClient } from "../catalog-client.ts";
import { createChangedServices } from "../watch/changed-services.ts";
import { sweepServices } from "../watch/sweep.ts";
import type { WatchContext, WatchStart } from "../watch/watch.ts";

/**
 * For catalogs with more services than connections. Nomad's list wakes on every registration in its namespaces without
 * saying whose, and a changed port leaves it as it was, so every watched service is read again. Correct, and dear.
 */
export async function watchBySweeps(
  context: WatchContext<CatalogClient>,
  start: WatchStart,
  signal: AbortSignal,
): Promise<void> {
  const changed = createChangedServices(context);
  await Promise.all([sweepServices(context, start, changed, signal), changed.run(signal)]);
}
