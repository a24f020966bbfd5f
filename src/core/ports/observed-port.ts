import { PLAIN, type ServiceInstance } from "../catalog/snapshot.ts";
import type { Ledger, Protocol } from "./ledger/ledger.ts";
import type { Registration } from "./registration.ts";

/** A port that a service holds on every node, as was seen otherwise than in a catalog: a NodePort of Kubernetes. */
export interface ObservedPort {
  readonly service: string;
  readonly namespace: string;
  readonly port: number;
  readonly protocol: Protocol;
  /** What the process behind it listens on, at addresses of its own; absent where that is not known. */
  readonly leadsTo?: number;
}

/** Stands for the nodes where none is known: no name that a ledger could list. */
export const ANY_NODE = "every node";

/**
 * The registrations that such a port would be, on each node of the ledger, or on each that is known otherwise where the ledger lists none.
 *
 * @param nodes name → address of those that are known
 */
export function observedRegistrations(
  { service, namespace, port, protocol, leadsTo }: ObservedPort,
  nodes: Ledger["nodes"],
): readonly Registration[] {
  const on = nodes.size === 0 ? [[ANY_NODE, ""] as const] : [...nodes];
  return on.map(([node, address]) => {
    const instance: ServiceInstance = {
      ...PLAIN,
      ...{ catalog: "consul", service, namespace, port, id: `observed ${namespace}/${service}`, datacenter: "" },
      ...{ node, nodeId: "", nodeAddress: address, address: "", tags: [], checks: [], createIndex: 0 },
    };
    const observed = { isObserved: true as const, ...(leadsTo === undefined ? {} : { leadsTo }) };
    return { instance, port, protocol, node, address, isGuess: false, isInside: false, ...observed };
  });
}
