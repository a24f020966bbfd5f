import { followBlockingQuery } from "../../blocking-query.ts";
import { createPollGroup } from "../../poll-group.ts";
import { createChangedServices } from "../../watch/changed-services.ts";
import type { WatchContext, WatchStart } from "../../watch/watch.ts";
import type { ConsulClient } from "../client.ts";
import type { NodeRegistration } from "../decode.ts";
import { watchHealthStates } from "./health-states.ts";
import { servicesOnMovedNodes } from "./moved-nodes.ts";

type Registrations = ReadonlyMap<string, NodeRegistration>;

/**
 * For catalogs with more services than connections: one long poll for each node, one for the list of nodes, two for the
 * unhealthy checks. Consul wakes a node's poll for registrations on that node only, and its entries carry the index of
 * their last change, so that a comparison here says exactly which services to read again.
 */
export async function watchPerNode(
  context: WatchContext<ConsulClient>,
  start: WatchStart,
  signal: AbortSignal,
): Promise<void> {
  const { client, store } = context;
  const changed = createChangedServices(context);
  const registrations = new Map<string, Registrations>();

  function takeNode(node: string, next: Registrations): void {
    const before = registrations.get(node) ?? startingPoint(node, next);
    registrations.set(node, next);
    changed.mark(
      changedServices(before, next, (entry) => store.services.has(entry.service) || context.isWatched(entry.tags)),
    );
  }

  /** The first answer of a node is compared with the complete read that watching began with, not with nothing. */
  function startingPoint(node: string, next: Registrations): Registrations {
    const known = new Map<string, NodeRegistration>();
    for (const [id, entry] of next) {
      const wasRead = store.instancesOf(entry.service).some((instance) => instance.node === node && instance.id === id);
      const readIndex = start.serviceIndexes.get(entry.service) ?? 0n;
      if (wasRead && BigInt(entry.modifyIndex) <= readIndex) known.set(id, entry);
    }
    for (const service of store.services) {
      for (const instance of store.instancesOf(service)) {
        if (instance.node !== node || next.get(instance.id)?.service === service) continue;
        known.set(instance.id, { service, tags: instance.tags, modifyIndex: 0 });
      }
    }
    return known;
  }

  function noteReset(): void {
    store.noteReset(context.clock.nowMs());
    // What was read between the fall of the index and this moment was ignored for its low index.
    changed.mark(store.services);
  }

  const polls = createPollGroup(
    {
      poll(node, ending) {
        const target = `/v1/catalog/node/${node}`;
        return followBlockingQuery(
          {
            startIndex: 0n,
            fetch: (index, s) => client.nodeServices(node, { index, consistency: "stale", signal: s }),
            answered: (next) => {
              context.succeeded(target);
              takeNode(node, next);
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
        takeNode(node, new Map());
        registrations.delete(node);
      },
    },
    signal,
  );

  const nodeList = followBlockingQuery(
    {
      startIndex: 0n,
      fetch: (index, s) => client.nodes({ index, consistency: "stale", signal: s }),
      answered: (nodes) => {
        context.succeeded("/v1/catalog/nodes");
        context.shapeSeen({ nodes: nodes.size, services: store.services.size });
        if (signal.aborted) return;
        polls.follow(nodes.keys());
        changed.mark(servicesOnMovedNodes(store, nodes));
      },
      reset: noteReset,
      failed: (error, retryInMs) => context.failedProbe(error, "/v1/catalog/nodes", retryInMs),
    },
    context,
    signal,
  );
  const health = watchHealthStates(
    context,
    ({ services, nodes }) => {
      changed.mark([...services].filter((service) => store.services.has(service)));
      for (const node of nodes) changed.mark(servicesOn(node, registrations, store.services));
    },
    signal,
  );
  await Promise.race([Promise.all([nodeList, health, changed.run(signal)]), polls.broken]);
  await polls.settled();
}

function changedServices(
  before: Registrations,
  after: Registrations,
  isOfInterest: (entry: NodeRegistration) => boolean,
): Set<string> {
  const services = new Set<string>();
  for (const [id, entry] of after) {
    const was = before.get(id);
    if (was?.modifyIndex === entry.modifyIndex && was.service === entry.service) continue;
    if (isOfInterest(entry)) services.add(entry.service);
    if (was !== undefined && was.service !== entry.service) services.add(was.service);
  }
  for (const [id, entry] of before) if (!after.has(id) && isOfInterest(entry)) services.add(entry.service);
  return services;
}

function servicesOn(
  node: string,
  registrations: ReadonlyMap<string, Registrations>,
  watched: ReadonlySet<string>,
): Set<string> {
  const names = [...(registrations.get(node)?.values() ?? [])].map((entry) => entry.service);
  return new Set(names.filter((name) => watched.has(name)));
}
