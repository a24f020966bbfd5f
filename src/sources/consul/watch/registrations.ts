import type { ServiceInstance } from "../../../core/catalog/snapshot.ts";
import type { SnapshotStore } from "../../catalog/snapshot-store.ts";
import type { InstanceListing } from "../../watch/changed-services.ts";
import type { WatchContext, WatchStart } from "../../watch/watch.ts";
import type { NodeRegistration } from "../decode.ts";
import { createAwaitedInstances } from "./awaited-instances.ts";

/** No index of a registration: what was read with a complete read, and has another index or another service now. */
const NEVER = 0;

/** Service id → registration, of one node. */
export type NodeServices = ReadonlyMap<string, NodeRegistration>;

/** What is remembered of a registration: its tags are many, and all that is kept of them is whether they are worth watching. */
interface Seen {
  readonly service: string;
  readonly modifyIndex: number;
  readonly isWatched: boolean;
}

const NOTHING: ReadonlyMap<string, Seen> = new Map();

/** What is registered on which node. */
export interface Registrations extends InstanceListing {
  /**
   * Takes a node's answer; returns the services to be read: those that have changed on it, and those of which an instance was read
   * that it had not named. An empty one stands for a node that has left.
   */
  take(node: string, next: NodeServices): ReadonlySet<string>;
  /** Takes the names of all nodes; returns the services to be read, since an instance was read on a node that is none of them. */
  takeNodes(names: ReadonlySet<string>): ReadonlySet<string>;
  /** The known services with an instance that the latest answer about its node did not name: a complete read may have seen it. */
  unnamed(): ReadonlySet<string>;
  /** Whether a service is registered on any node that was seen. */
  isListed(service: string): boolean;
  /** How many registrations a node had when it was last seen, be it by the complete read. */
  sizeOf(node: string): number;
}

/**
 * Compares each node's services with what they were. Their entries carry the index of their last change, so that only
 * those that changed need to be read.
 */
export function createRegistrations({ store, isWatched }: WatchContext, start: WatchStart): Registrations {
  const nodes = new Map<string, ReadonlyMap<string, Seen>>();
  const placesOf = new Map<string, number>();

  function count(service: string, step: 1 | -1): void {
    const places = (placesOf.get(service) ?? 0) + step;
    if (places === 0) placesOf.delete(service);
    else placesOf.set(service, places);
  }

  function recount(before: ReadonlyMap<string, Seen>, after: ReadonlyMap<string, Seen>): void {
    for (const [id, { service }] of after) {
      const was = before.get(id)?.service;
      if (was === service) continue;
      if (was !== undefined) count(was, -1);
      count(service, 1);
    }
    for (const [id, { service }] of before) if (!after.has(id)) count(service, -1);
  }

  const awaited = createAwaitedInstances();

  function isNamed({ service, node, id }: ServiceInstance): boolean {
    return nodes.get(node)?.get(id)?.service === service;
  }

  const read = instancesByNode(store);
  const seen = ({ service, modifyIndex, tags }: NodeRegistration): Seen => ({
    service,
    modifyIndex,
    isWatched: isWatched(tags, service),
  });

  /** The first answer of a node is compared with the complete read that watching began with, not with nothing. */
  function startingPoint(node: string, next: ReadonlyMap<string, Seen>): ReadonlyMap<string, Seen> {
    const known = new Map<string, Seen>();
    const first = read.get(node) ?? [];
    read.delete(node);
    for (const [id, { service }] of first) {
      const entry = next.get(id);
      const isUnchanged =
        entry?.service === service && BigInt(entry.modifyIndex) <= (start.shownUpTo.get(service) ?? 0n);
      known.set(id, isUnchanged ? entry : { service, modifyIndex: NEVER, isWatched: true });
    }
    return known;
  }

  return {
    take(node, services) {
      const known = nodes.get(node);
      const next = new Map<string, Seen>();
      // Of a node's registrations few have changed, and to find out what tags are worth costs more than all the rest.
      for (const [id, entry] of services) {
        const was = known?.get(id);
        next.set(id, was !== undefined && isSameRegistration(was, entry) ? was : seen(entry));
      }
      const before = known ?? startingPoint(node, next);
      recount(known ?? NOTHING, next);
      if (next.size === 0) nodes.delete(node);
      else nodes.set(node, next);
      const changed = changedServices(before, next, (entry) => store.has(entry.service) || entry.isWatched);
      return new Set([...changed, ...awaited.nodeCame(node)]);
    },
    takeNodes(names) {
      const services = new Set(awaited.listCame(names));
      for (const [node, first] of read) {
        if (names.has(node)) continue;
        for (const { service } of first.values()) services.add(service);
        read.delete(node);
      }
      return services;
    },
    moment: awaited.moment,
    contradicts: (service, instances, askedAt) =>
      awaited.await(
        service,
        instances.filter((instance) => !isNamed(instance)),
        askedAt,
      ),
    unnamed() {
      // A node that has not answered yet is compared with what the watch began with.
      const isSound = (instance: ServiceInstance) => read.has(instance.node) || isNamed(instance);
      return new Set([...store.services()].filter((service) => !store.instancesOf(service).every(isSound)));
    },
    isListed: (service) => placesOf.has(service),
    sizeOf: (node) => (nodes.get(node) ?? read.get(node))?.size ?? 0,
  };
}

function instancesByNode(store: SnapshotStore): Map<string, ReadonlyMap<string, ServiceInstance>> {
  const nodes = new Map<string, Map<string, ServiceInstance>>();
  for (const service of store.services()) {
    for (const instance of store.instancesOf(service)) {
      const ids = nodes.get(instance.node) ?? new Map<string, ServiceInstance>();
      nodes.set(instance.node, ids.set(instance.id, instance));
    }
  }
  return nodes;
}

function changedServices(
  before: ReadonlyMap<string, Seen>,
  after: ReadonlyMap<string, Seen>,
  isOfInterest: (entry: Seen) => boolean,
): ReadonlySet<string> {
  const services = new Set<string>();
  for (const [id, entry] of after) {
    const was = before.get(id);
    if (was !== undefined && isSameRegistration(was, entry)) continue;
    if (isOfInterest(entry)) services.add(entry.service);
    if (was !== undefined && was.service !== entry.service) services.add(was.service);
  }
  for (const [id, entry] of before) if (!after.has(id) && isOfInterest(entry)) services.add(entry.service);
  return services;
}

function isSameRegistration(one: Pick<Seen, "service" | "modifyIndex">, other: typeof one): boolean {
  return one.modifyIndex === other.modifyIndex && one.service === other.service;
}
