import { createChangedServices } from "./changed-services.ts";
import { watchHealthStates } from "./health-states.ts";
import { watchServiceList } from "./service-list.ts";
import type { WatchContext, WatchStart } from "./watch.ts";

/**
 * For catalogs with more services and more nodes than connections: the list of services wakes on any change of any
 * instance without saying which, and every watched service is read again. Correct, and dear: every other strategy is
 * preferred. The next sweep starts when the last one has ended, so a busy catalog slows the sweeps, never piles them up.
 */
export async function watchBySweeps(context: WatchContext, start: WatchStart, signal: AbortSignal): Promise<void> {
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
  const health = watchHealthStates(
    context,
    ({ services, nodes }) => {
      changed.mark([...services].filter((service) => store.services.has(service)));
      for (const service of store.services) {
        if (store.instancesOf(service).some((instance) => nodes.has(instance.node))) changed.mark([service]);
      }
    },
    signal,
  );
  await Promise.all([list, health, changed.run(signal)]);
}
