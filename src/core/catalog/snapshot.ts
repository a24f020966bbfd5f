import type { AllocationWord } from "./allocation.ts";

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
  /** What the settings call its catalog, where they list several. */
  readonly catalogName?: string;
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
  /** The Nomad job that registered it, where the catalog says so. */
  readonly job?: string;
  /** What a Nomad says of the allocation that the id names; absent where none is asked, or none knows it. */
  readonly allocation?: AllocationWord;
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

/** What an instance has of which the catalog says no more than it must. One object for all: there are thousands of them. */
export const PLAIN: Pick<ServiceInstance, "meta" | "taggedAddresses" | "weights"> = {
  meta: {},
  taggedAddresses: {},
  weights: { passing: 1, warning: 1 },
};

/**
 * Why a catalog that answers may not show everything:
 *
 * | reason | the catalog says, or does |
 * |---|---|
 * | `filtered` | its answers were filtered by ACLs (`X-Consul-Results-Filtered-By-ACLs`) |
 * | `default-deny` | who has no policy sees nothing, and the list is empty |
 * | `no-servers` | the service `consul`, which its servers register themselves, cannot be seen |
 * | `no-leader` | the server that answers knows of no leader |
 * | `denied-namespace` | a list of all namespaces lacks one that it had, and asked for that one it denies the token |
 */
export const PARTIAL_VIEW_REASONS = [
  "filtered",
  "default-deny",
  "no-servers",
  "no-leader",
  "denied-namespace",
] as const;
export type PartialViewReason = (typeof PARTIAL_VIEW_REASONS)[number];

/** An instance that is in its catalog no more. */
export interface DepartedInstance {
  /** By its key, without the name of its catalog. */
  readonly instance: string;
  /** By its key, without the name of its catalog. */
  readonly service: string;
  /** Its Nomad says that it has stopped the allocation, at its node and port: nothing is missing. */
  readonly isStopped: boolean;
  /** And its job as a whole: nothing of it will come back unless it is run again. */
  readonly isJobStopped?: true;
}

/** What one source knows, complete: a snapshot is replaced by a complete, error-free read or not at all. */
export interface CatalogSnapshot {
  /** What the settings call the catalog, where they list several: lower-case letters, digits and hyphens. */
  readonly catalogName?: string;
  /** Address, datacenter, namespace and prefix it was read from; a stored snapshot of another source is not used. */
  readonly source: string;
  readonly instances: readonly ServiceInstance[];
  /**
   * `stored`: the last good snapshot stands in, because the source has not answered completely since the start. `unread`: nor
   * is there a last good one, so that nothing is known of this catalog while others are charted.
   */
  readonly freshness: "live" | "stored" | "unread";
  readonly readAtMs: number;
  /** Who has left lately of the services of which a Nomad has stopped any instance; absent where there is none. */
  readonly departed?: readonly DepartedInstance[];
  /** When a complete read with the catalog's strongest consistency last ended. */
  readonly confirmedAtMs?: number;
  /** When the catalog's index last fell back: it was restarted, restored or replaced. */
  readonly indexResetAtMs?: number;
  /** Why what is missing here may be there all the same; absent where nothing speaks for it. */
  readonly partialViewReasons?: readonly PartialViewReason[];
  /** The namespaces that the token could read before and is denied now; absent where there is none. */
  readonly deniedNamespaces?: readonly string[];
  /**
   * There is a reason, which its last good read did not give, to think that the catalog no longer shows everything; of these
   * namespaces only, where they are given.
   */
  readonly blind?: { readonly sinceMs: number; readonly reason: string; readonly namespaces?: readonly string[] };
}

/** Does the catalog say itself, and all it knows, what it says: of this service, by its key, else of every one? */
export function isBelieved(snapshot: Pick<CatalogSnapshot, "freshness" | "blind">, service?: string): boolean {
  return snapshot.freshness === "live" && !isHidden(snapshot, service);
}

/** May a service of this catalog, by its key, be there although the catalog does not show it? One that is not known may. */
export function isHidden({ blind }: Pick<CatalogSnapshot, "blind">, service: string | undefined): boolean {
  if (blind === undefined) return false;
  return blind.namespaces === undefined || service === undefined || blind.namespaces.includes(namespaceIn(service));
}

/** Identifies a service within its catalog. */
export function localServiceKey({ namespace, service }: ServiceInstance): string {
  return namespace === "" ? service : `${namespace}/${service}`;
}

/** Identifies a service; owners of routes are named by it. Where several catalogs are charted, with the catalog's name. */
export function serviceKey(instance: ServiceInstance): string {
  return ofCatalog(instance, localServiceKey(instance));
}

/** The namespace of an instance by one name: a catalog without namespaces has what others call `default`. */
export function namespaceOf({ namespace }: Pick<ServiceInstance, "namespace">): string {
  return namespace === "" ? DEFAULT_NAMESPACE : namespace;
}

/** What Nomad and Consul call the namespace that is not named. */
export const DEFAULT_NAMESPACE = "default";

/** The namespace in a service's key, by the name that `namespaceOf` gives it. A name of Consul's may have slashes, too. */
export function namespaceIn(serviceKey: string): string {
  return /^(?:[a-z0-9-]+:)?([^/:]+)\//.exec(serviceKey)?.[1] ?? DEFAULT_NAMESPACE;
}

/** The catalog's name in a service's key, where it has one. */
export function catalogNameIn(serviceKey: string): string | undefined {
  return /^([a-z0-9-]+):/.exec(serviceKey)?.[1];
}

/** A name of an instance, with its catalog's before it where several are charted: `dc1:web`. */
export function ofCatalog({ catalogName }: Pick<ServiceInstance, "catalogName">, name: string): string {
  return catalogName === undefined ? name : `${catalogName}:${name}`;
}

/** Identifies an instance: by node name, since node ids may be empty for externally registered nodes. */
export function instanceKey(instance: ServiceInstance): string {
  return ofCatalog(instance, `${instance.datacenter}/${instance.namespace}/${instance.node}/${instance.id}`);
}
