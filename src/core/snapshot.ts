/** One check of an instance or of its node, as the catalog reports it. Output text is left out: it flaps. */
export interface Check {
  readonly id: string;
  readonly name: string;
  /** `passing`, `warning`, `critical`, or whatever the catalog says. */
  readonly status: string;
  /** The check is the node's, and all services there share it; absent for a check of the instance's own. */
  readonly ofNode?: true;
}

/** One more address of an instance, known by a name such as `lan`, `wan` or `lan_ipv4`. */
export interface TaggedAddress {
  readonly address: string;
  /** 0 where only the address differs. */
  readonly port: number;
}

/** An instance's share of the traffic while it is passing, and while it is in warning. */
export interface Weights {
  readonly passing: number;
  readonly warning: number;
}

/** The kinds of catalogs that instances are registered in. */
export type Catalog = "consul" | "nomad";

/** One registered instance of a service, as read from a catalog; nothing in it has been interpreted. */
export interface ServiceInstance {
  /** Whose registration it is: the two read tags slightly differently. */
  readonly catalog: Catalog;
  readonly service: string;
  /** The catalog's service id: unique on its node, not beyond. */
  readonly id: string;
  readonly node: string;
  /** Empty for nodes that were registered from outside. */
  readonly nodeId: string;
  readonly datacenter: string;
  /** Empty where the catalog has no namespaces. */
  readonly namespace: string;
  /** The Nomad job that registered it, where the catalog tells. */
  readonly job?: string;
  readonly nodeAddress: string;
  /** The service's own address; empty means that the node's address counts. */
  readonly address: string;
  readonly port: number;
  readonly tags: readonly string[];
  /** Checks of the instance and of its node. */
  readonly checks: readonly Check[];
  /** Free texts by key, as registered. */
  readonly meta: Readonly<Record<string, string>>;
  readonly taggedAddresses: Readonly<Record<string, TaggedAddress>>;
  readonly weights: Weights;
  /** The catalog's index at the first registration: the lower, the older. */
  readonly createIndex: number;
}

/** An instance of which the catalog tells no more than it must. One object for all: there are thousands of them. */
export const PLAIN: Pick<ServiceInstance, "meta" | "taggedAddresses" | "weights"> = {
  meta: {},
  taggedAddresses: {},
  weights: { passing: 1, warning: 1 },
};

/** What one source knows, complete: a slice is replaced by a complete, error-free read or not at all. */
export interface Slice {
  /** Address, datacenter, namespace and prefix it was read from; a stored slice of another source is not ours. */
  readonly source: string;
  readonly instances: readonly ServiceInstance[];
  /** `stored`: the last good slice stands in, because the source has not answered completely since the start. */
  readonly origin: "live" | "stored";
  readonly readAtMs: number;
  /** When a complete read with the catalog's strongest consistency last ended. */
  readonly confirmedAtMs?: number;
  /** When the catalog's index last fell back: it was restarted, restored or replaced. */
  readonly indexResetAtMs?: number;
}

/** Identifies a service within its source; owners of routes are named by it. */
export function serviceKey(instance: ServiceInstance): string {
  return instance.namespace === "" ? instance.service : `${instance.namespace}/${instance.service}`;
}

/** Identifies an instance: by node name, since node ids may be empty for externally registered nodes. */
export function instanceKey(instance: ServiceInstance): string {
  return `${instance.datacenter}/${instance.namespace}/${instance.node}/${instance.id}`;
}
