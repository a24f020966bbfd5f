import { followBlockingQuery } from "../../polling/blocking-query.ts";
import { createChangedServices } from "../../watch/changed-services.ts";
import { watchServiceList } from "../../watch/service-list.ts";
import type { WatchContext, WatchStart } from "../../watch/watch.ts";
import type { ConsulClient } from "../client.ts";
import { watchHealthStates } from "./health-states.ts";
import { createMovedNodes } from "./moved-nodes.ts";
import { createNodeSweeps } from "./node-sweeps.ts";
import { readNodes } from "./own-servers.ts";
import { createRegistrations, type NodeServices } from "./registrations.ts";

/**
 * For catalogs with more services and more nodes than connections: the list of services wakes without saying for what, so
 * the nodes are read one after the other, and of the services those that changed. Correct, and dear: every other strategy
 * is preferred.
 */
export async function watchByNodeSweeps(
  context: WatchContext<ConsulClient>,
  start: WatchStart,
  signal: AbortSignal,
): Promise<void> {
  const { store } = context;
  let listed: ReadonlySet<string> = new Set(start.shownUpTo.keys());
  const registrations = createRegistrations(context, start);
  const changed = createChangedServices(context, {
    has: (service) => listed.has(service) && registrations.isListed(service),
    marksEachRegistration: false,
    instances: registrations,
  });
  const movedNodes = createMovedNodes(context, changed);
  context.readsBeside.follow(() => changed.mark(registrations.unnamed()));
  const sweeps = createNodeSweeps(context, {
    took: takeNode,
    isSuspect: (node, services) => services.size === 0 && registrations.sizeOf(node) > 0,
  });

  function takeNode(node: string, services: NodeServices): boolean {
    const names = registrations.take(node, services);
    changed.mark(names);
    return names.size > 0;
  }

  const list = watchServiceList(
    context,
    start.listIndex,
    (watched) => {
      listed = watched;
      store.keepOnly(watched);
      changed.mark([...watched].filter((name) => !store.has(name)));
      sweeps.begin();
    },
    signal,
  );
  const target = "/v1/catalog/nodes";
  const nodes = followBlockingQuery(
    {
      startIndex: 0n,
      fetch: (index, s) => readNodes(context, index, s),
      answered: (known) => {
        context.succeeded(target);
        context.shapeSeen({ nodes: known.size });
        for (const node of sweeps.follow(known.keys())) takeNode(node, new Map());
        changed.mark(registrations.takeNodes(new Set(known.keys())));
        changed.mark(movedNodes.take(known));
      },
      reset: () => context.noteReset(),
      failed: (error, retryInMs) => context.failed(error, target, retryInMs),
      untilWorthTrying: context.untilWorthTrying,
    },
    context,
    signal,
  );
  const health = watchHealthStates(context, changed, signal);
  await Promise.all([list, health, nodes, sweeps.run(signal), changed.run(signal)]);
}
