import { followBlockingQuery } from "../../polling/blocking-query.ts";
import { createPollGroup } from "../../polling/poll-group.ts";
import { createChangedServices } from "../../watch/changed-services.ts";
import type { WatchContext, WatchStart } from "../../watch/watch.ts";
import type { ConsulClient } from "../client.ts";
import { watchHealthStates } from "./health-states.ts";
import { createMovedNodes } from "./moved-nodes.ts";
import { readNodes, requireSightOfServers } from "./own-servers.ts";
import { createRegistrations } from "./registrations.ts";

/**
 * One long poll for each node, one for the list of nodes, and those for the checks that do not pass. Consul wakes a
 * node's poll for registrations on that node only, and its entries carry the index of their last change, so that a
 * comparison here says exactly which services to read again. There are far fewer nodes than services.
 */
export async function watchPerNode(
  context: WatchContext<ConsulClient>,
  start: WatchStart,
  signal: AbortSignal,
): Promise<void> {
  const { client, store } = context;
  const registrations = createRegistrations(context, start);
  const changed = createChangedServices(context, {
    has: registrations.isListed,
    marksEachRegistration: true,
    instances: registrations,
  });
  const movedNodes = createMovedNodes(context, changed);
  context.readsBeside.follow(() => changed.mark(registrations.unnamed()));

  function noteReset(): void {
    context.noteReset();
    // What was read between the fall of the index and this moment was ignored for its low index.
    changed.mark(store.services());
  }

  const polls = createPollGroup(
    {
      poll(node, ending) {
        const target = `/v1/catalog/node/${node}`;
        return followBlockingQuery(
          {
            startIndex: 0n,
            async fetch(index, s) {
              const answer = await client.nodeServices(node, { index, consistency: "stale", signal: s });
              if (answer.value.size === 0 && registrations.sizeOf(node) > 0)
                await requireSightOfServers(node, context, s);
              return answer;
            },
            answered: (next) => {
              context.succeeded(target);
              changed.mark(registrations.take(node, next));
            },
            // The index of the list of nodes stays where it is for months; this one moves with every registration
            // anywhere. For a node that has left, and so has no services, Consul lets it fall to 1: that is no reset.
            reset: (next) => {
              if (next.size > 0) noteReset();
            },
            failed: (error, retryInMs) => context.failed(error, target, retryInMs),
            untilWorthTrying: context.untilWorthTrying,
          },
          context,
          ending,
        );
      },
      left(node) {
        context.succeeded(`/v1/catalog/node/${node}`);
        changed.mark(registrations.take(node, new Map()));
      },
    },
    signal,
  );

  const nodeList = followBlockingQuery(
    {
      startIndex: 0n,
      fetch: (index, s) => readNodes(context, index, s),
      answered: (nodes) => {
        context.succeeded("/v1/catalog/nodes");
        context.shapeSeen({ nodes: nodes.size, services: store.size });
        if (signal.aborted) return;
        polls.follow(nodes.keys());
        changed.mark(registrations.takeNodes(new Set(nodes.keys())));
        changed.mark(movedNodes.take(nodes));
      },
      reset: noteReset,
      failed: (error, retryInMs) => context.failedProbe(error, "/v1/catalog/nodes", retryInMs),
    },
    context,
    signal,
  );
  const health = watchHealthStates(context, changed, signal);
  await Promise.race([Promise.all([nodeList, health, changed.run(signal)]), polls.broken]);
  await polls.settled();
}
