import { PRODUCT_RULES } from "../catalog/product-rules.ts";
import { DEFAULT_NAMESPACE, namespaceOf, type ServiceInstance } from "../catalog/snapshot.ts";
import { isWithin, type PortRange } from "./port-range.ts";

export const PROTOCOLS = ["tcp", "udp"] as const;

export type Protocol = (typeof PROTOCOLS)[number];

/**
 * Who may reach a port, and whether a router may:
 *
 * | exposure | a route | the firewall lets in |
 * |---|---|---|
 * | public | its owner may have one | any host |
 * | ingress | its owner may have one | the load balancer's nodes |
 * | restricted | its owner may have one | the networks of the entry |
 * | internal | not for its owner | the site's networks |
 * | never | for no service, also inside the dynamic range | the site's nodes |
 */
export const EXPOSURES = ["public", "ingress", "restricted", "internal", "never"] as const;

export type Exposure = (typeof EXPOSURES)[number];

/** One declared reservation of a port or a range. */
export interface LedgerEntry {
  /** Where it is written, for messages: `ledger.yml: ports.3`. */
  readonly origin: string;
  readonly ports: PortRange;
  readonly protocols: readonly Protocol[];
  /** The catalog service that the ports belong to, or what else listens there. */
  readonly owner: string;
  /** The owner's; without it the entry opens its ports in the default namespace, and withholds them in all. */
  readonly namespace?: string;
  readonly exposure: Exposure;
  /** Where the ports are its owner's; absent: on every node. */
  readonly nodes?: readonly string[];
  /** Networks that may reach the ports, in place of those that the exposure means; none: only the node itself. */
  readonly from?: readonly string[];
  readonly purpose: string;
  /** What the ledger's keeper holds for true. */
  readonly expected?: "reserved" | "active";
  /** Of the URLs by which users reach it. */
  readonly scheme?: string;
}

/** A range that is kept together for related services; within it entries are made. */
export interface PortGroup {
  readonly name: string;
  readonly ports: PortRange;
  /** The least distance between two of its ports. */
  readonly spacing: number;
  readonly purpose: string;
}

/** What is declared about the ports of a site. */
export interface Ledger {
  /** What the file is called in messages; undefined where there is none. */
  readonly file?: string;
  readonly entries: readonly LedgerEntry[];
  readonly groups: readonly PortGroup[];
  /** Name → address of nodes that the catalog need not know. */
  readonly nodes: ReadonlyMap<string, string>;
  /** The nodes of the load balancer, where Traefik runs. */
  readonly ingress: readonly string[];
  /** The site's own networks, in CIDR notation. */
  readonly networks: readonly string[];
}

export const NO_LEDGER: Ledger = { entries: [], groups: [], nodes: new Map(), ingress: [], networks: [] };

/** A port of one protocol on one node. */
export interface Place {
  readonly port: number;
  readonly protocol: Protocol;
  /** Undefined where it is not known which. */
  readonly node: string | undefined;
}

/** Does the entry speak of this place? Of a node that is not known, only an entry for every node surely does. */
export function entryCovers(entry: LedgerEntry, { port, protocol, node }: Place): boolean {
  return isOnNode(entry, node) && coversAnywhere(entry, { port, protocol });
}

/** Does the entry speak of the port on any node at all? */
export function coversAnywhere(entry: LedgerEntry, { port, protocol }: Omit<Place, "node">): boolean {
  return isWithin(port, entry.ports) && entry.protocols.includes(protocol);
}

export function isOnNode({ nodes }: LedgerEntry, node: string | undefined): boolean {
  return nodes === undefined || (node !== undefined && nodes.includes(node));
}

/**
 * The node of an instance by the name that the ledger uses. Nomad's catalog knows nodes by their ids alone: there the
 * address says which of the ledger's nodes it is, and undefined means that none is known to be.
 */
export function knownNodeOf({ nodes }: Ledger, instance: ServiceInstance): string | undefined {
  const { catalog, node, nodeAddress, address } = instance;
  if (PRODUCT_RULES[catalog].namesNodes || nodes.has(node)) return node;
  const own = nodeAddress === "" ? address : nodeAddress;
  for (const [name, known] of nodes) if (known === own) return name;
  return undefined;
}

/**
 * Is this service the one that the ledger names? An entry without a namespace means the default one, as everywhere in Nomad and
 * Consul and as in the settings' `allow`: in each namespace another team may have a service of that name. A catalog without
 * namespaces cannot contradict the ledger's.
 */
export function isOwner(entry: LedgerEntry, service: Pick<ServiceInstance, "service" | "namespace">): boolean {
  return mayBeOwner(entry, service) && (entry.namespace !== undefined || namespaceOf(service) === DEFAULT_NAMESPACE);
}

/** The same where the entry withholds something: without a namespace it is about the services of that name in all of them. */
export function mayBeOwner(
  { owner, namespace }: LedgerEntry,
  service: Pick<ServiceInstance, "service" | "namespace">,
): boolean {
  if (owner !== service.service) return false;
  return namespace === undefined || service.namespace === "" || namespace === service.namespace;
}

/** Do both name one owner? An entry without a namespace does not contradict one that has it. */
export function isSameOwner(one: LedgerEntry, other: LedgerEntry): boolean {
  if (one.owner !== other.owner) return false;
  return one.namespace === undefined || other.namespace === undefined || one.namespace === other.namespace;
}

/** `powerdns`, or `core/api` where the ledger names the namespace. */
export function ownerName({ owner, namespace }: LedgerEntry): string {
  return namespace === undefined ? owner : `${namespace}/${owner}`;
}
