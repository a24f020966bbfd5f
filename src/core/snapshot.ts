/** One check of an instance or of its node, as the catalog reports it. Output text is left out: it flaps. */
export interface Check {
  readonly id: string;
  readonly name: string;
  /** `passing`, `warning`, `critical`, or whatever the catalog says. */
  readonly status: string;
}

/** One registered instance of a service, as read from a catalog; nothing in it has been interpreted. */
export interface ServiceInstance {
  readonly service: string;
  /** The catalog's service id: unique on its node, not beyond. */
  readonly id: string;
  readonly node: string;
  readonly datacenter: string;
  /** Empty where the catalog has no namespaces. */
  readonly namespace: string;
  readonly nodeAddress: string;
  /** The service's own address; empty means that the node's address counts. */
  readonly address: string;
  readonly port: number;
  readonly tags: readonly string[];
  /** Checks of the instance and of its node. */
  readonly checks: readonly Check[];
  /** The catalog's index at the first registration: the lower, the older. */
  readonly createIndex: number;
}

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
