import { type InstanceLabel, instanceLabel } from "../catalog/instance-label.ts";
import { instanceKey, type ServiceInstance } from "../catalog/snapshot.ts";
import { reasonOfState, type StateReason, stateAt } from "../instances/instance-state.ts";
import type { Explanation } from "./explanation.ts";
import { changedTagKeys, type TagsChanged } from "./tags-changed.ts";

/** Why a server came or went. */
export type ServerReason =
  | StateReason
  | TagsChanged
  | { readonly kind: "registered" }
  | { readonly kind: "deregistered" }
  /** A server of a chart that was found at the start: the instance behind it is not known. */
  | { readonly kind: "gone-from-catalog" }
  /** The same instance at another address or port. */
  | { readonly kind: "moved" }
  /** Another instance's definition of the service counts now. */
  | { readonly kind: "took-over" }
  /** The definition of a service in another catalog counts now. */
  | { readonly kind: "gave-way" }
  /** The server is held, and this service has registered its address and port since. */
  | { readonly kind: "port-reused"; readonly service: string };

/** One backend that came or went, and why. */
export interface ServerChange {
  /** An HTTP server's URL, a TCP or UDP server's address. */
  readonly url: string;
  readonly why: ServerReason;
  /** The instance behind it; unknown for a server of a chart that was found at the start. */
  readonly instance?: InstanceLabel;
}

/** The instances behind the servers of a router, by their keys. */
export type InstanceKeys = ReadonlySet<string | undefined>;

/** @param behindBefore the instances behind the router's servers in the last chart */
export function serverAdded(
  url: string,
  instance: ServiceInstance | undefined,
  { before, after }: Readonly<Record<"before" | "after", Explanation>>,
  behindBefore: InstanceKeys,
): ServerChange {
  return { url, why: whyAdded(instance, before, after, behindBefore), ...instanceLabel(instance) };
}

function whyAdded(
  instance: ServiceInstance | undefined,
  before: Explanation,
  after: Explanation,
  behindBefore: InstanceKeys,
): ServerReason {
  const was = instance && stateAt(before.services, instance);
  if (instance === undefined || was === undefined) return { kind: "registered" };
  switch (was.kind) {
    case "routed":
      return { kind: behindBefore.has(instanceKey(instance)) ? "moved" : "took-over" };
    case "unhealthy": {
      const now = stateAt(after.services, instance);
      return now === undefined ? { kind: "healthy-again" } : reasonOfState(now);
    }
    case "hidden":
    case "refused":
      return { kind: "tags-changed", keys: changedTagKeys(before, after, instance) };
  }
}

/**
 * @param reused server of a held service, by its URL or address → the service that has its port now
 * @param behindAfter the instances behind the router's servers in the new chart
 */
export function serverRemoved(
  url: string,
  instance: ServiceInstance | undefined,
  after: Explanation,
  reused: ReadonlyMap<string, string>,
  behindAfter: InstanceKeys,
): ServerChange {
  return { url, why: whyRemoved(url, instance, after, reused, behindAfter), ...instanceLabel(instance) };
}

function whyRemoved(
  url: string,
  instance: ServiceInstance | undefined,
  after: Explanation,
  reused: ReadonlyMap<string, string>,
  behindAfter: InstanceKeys,
): ServerReason {
  const service = reused.get(url);
  if (service !== undefined) return { kind: "port-reused", service };
  if (instance === undefined) return { kind: "gone-from-catalog" };
  const now = stateAt(after.services, instance);
  if (now === undefined) return { kind: "deregistered" };
  if (now.kind !== "routed") return reasonOfState(now);
  const hasGivenWay = instance.catalogName !== undefined && !behindAfter.has(instanceKey(instance));
  return { kind: hasGivenWay ? "gave-way" : "moved" };
}
