import { followBlockingQuery } from "../../blocking-query.ts";
import { createChangedServices } from "../../watch/changed-services.ts";
import { sweepServices } from "../../watch/sweep.ts";
import type { WatchContext, WatchStart } from "../../watch/watch.ts";
import type { ConsulClient } from "../client.ts";
import { watchHealthStates } from "./health-states.ts";
import { servicesOnMovedNodes } from "./moved-nodes.ts";

/**
 * For catalogs with more services and more nodes than connections: every watched service is read again whenever the list
 * wakes. Correct, and dear: every other strategy is preferred.
 */
export async function watchBySweeps(
  context: WatchContext<ConsulClient>,
  start: WatchStart,
  signal: AbortSignal,
): Promise<void> {
  const { store } = context;
  const changed = createChangedServices(context);
  const list = sweepServices(context, start, changed, signal);
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
  const target = "/v1/catalog/nodes";
  const nodes = followBlockingQuery(
    {
      startIndex: 0n,
      fetch: (index, s) => context.client.nodes({ index, consistency: "stale", signal: s }),
      answered: (known) => {
        context.succeeded(target);
        context.shapeSeen({ nodes: known.size });
        changed.mark(servicesOnMovedNodes(store, known));
      },
      failed: (error, retryInMs) => context.failed(error, target, retryInMs),
      untilWorthTrying: context.untilWorthTrying,
    },
    context,
    signal,
  );
  await Promise.all([list, health, nodes, changed.run(signal)]);
}
