import { nodeNameOf } from "../../catalog/node-name.ts";
import { PRODUCT_RULES } from "../../catalog/product-rules.ts";
import type { ServiceInstance } from "../../catalog/snapshot.ts";
import { isWithin, type PortRange } from "../port-range.ts";
import type { MetricsEndpoint } from "./metrics-endpoint.ts";

export const PROTOCOLS = ["tcp", "udp"] as const;

export type Protocol = (typeof PROTOCOLS)[number];

/**
 * Who may reach a port, and whether a router may:
 *
 * | exposure | a route | the firewall lets in |
 * |---|---|---|
 * | public | its owner may have one | any host |
 * | ingress | its owner may have one | the load balancer's nodes |
 * | restricted | its owner may have one, with an allow-list | the networks of the entry |
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
  /** The catalog services that the ports belong to, or what else listens there; `*` stands for any characters. Never empty. */
  readonly owners: readonly string[];
  /** The owners'; without it the entry opens its ports in the default namespace, and withholds them in all. */
  readonly namespace?: string;
  readonly exposure: Exposure;
  /** Where the ports are its owner's; absent: on every node. */
  readonly nodes?: readonly string[];
  /** Networks that may reach the ports, in place of those that the exposure means; none: only the node itself. */
  readonly from?: readonly string[];
  /** Services that connect to it, and may from the nodes that they are on. */
  readonly clients?: readonly LedgerClient[];
  /** What the process listens on at an address of its own, where the ledger's port is the node's: a NodePort, a bridge. */
  readonly internalPort?: number;
  /** Variables that tell the owner's process its port, `{port}` in them; absent: one with a name of its own. */
  readonly env?: Readonly<Record<string, string>>;
  /** Variables that tell its clients where it is, `{host}` and `{port}` in them. */
  readonly clientEnv?: Readonly<Record<string, string>>;
  /** Absent: that of the group around all of its ports, else the ledger's. */
  readonly scope?: PortScope;
  readonly purpose: string;
  /** What the ledger's keeper holds for true. */
  readonly expected?: "reserved" | "active";
  /** Of the URLs by which users reach it. */
  readonly scheme?: string;
  /** It has metrics, which Prometheus is told of: for what never registers. */
  readonly metrics?: MetricsEndpoint;
}

/** A service that connects to another's ports. */
export interface LedgerClient {
  /** Its name in the catalog; `*` stands for any characters. */
  readonly service: string;
  /** Absent: the default namespace. */
  readonly namespace?: string;
}

/**
 * Where a port is its owner's alone:
 *
 * | scope | two owners of one port on two nodes |
 * |---|---|
 * | node | are none of each other's business |
 * | cluster | are a conflict: a port that is taken on any node is taken on all, as NodePorts are |
 */
export const PORT_SCOPES = ["node", "cluster"] as const;

export type PortScope = (typeof PORT_SCOPES)[number];

/** A range that is kept together for related services; within it entries are made. */
export interface PortGroup {
  readonly name: string;
  readonly ports: PortRange;
  /** The least distance between two of its ports. */
  readonly spacing: number;
  /** Of the entries inside of it that have none; absent: the ledger's. */
  readonly scope?: PortScope;
  readonly purpose: string;
}

/** What is declared about the ports of a site. */
export interface Ledger {
  /** What the file is called in messages; undefined where there is none. */
  readonly file?: string;
  /** Of all entries and groups that have none. */
  readonly scope: PortScope;
  /** What entries and groups lie within; absent: any port. */
  readonly range?: PortRange;
  readonly entries: readonly LedgerEntry[];
  readonly groups: readonly PortGroup[];
  /** Name → address of nodes that the catalog need not know. */
  readonly nodes: ReadonlyMap<string, string>;
  /** The nodes of the load balancer, where Traefik runs. */
  readonly ingress: readonly string[];
  /** All of the site's own networks, in CIDR notation, those with names among them; each once. */
  readonly networks: readonly string[];
  /** Those that have names, by name; a name may stand for several. */
  readonly namedNetworks: ReadonlyMap<string, readonly string[]>;
  /** Not of the file: names of Nomad's clients by their ids, as far as a Nomad has told them. */
  readonly nodeNames?: ReadonlyMap<string, string>;
  /** Where clients find a service, `{owner}` and `{namespace}` in it; absent: in Consul's DNS. */
  readonly endpointHost?: string;
}

export const NO_LEDGER: Ledger = {
  scope: "node",
  entries: [],
  groups: [],
  nodes: new Map(),
  ingress: [],
  networks: [],
  namedNetworks: new Map(),
};

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

/** Is an entry, or a rule made of some, about this node? Without `nodes` it is about every one. */
export function isOnNode(
  { nodes }: { readonly nodes?: readonly string[] | undefined },
  node: string | undefined,
): boolean {
  return nodes === undefined || (node !== undefined && nodes.includes(node));
}

/**
 * The node of an instance by the name that the ledger uses. Nomad's catalog knows nodes by their ids alone: there the name is
 * what a Nomad says of the allocation or of its clients, else the address says which of the ledger's nodes it is, and undefined means that none is
 * known to be.
 */
export function knownNodeOf({ nodes, nodeNames }: Ledger, instance: ServiceInstance): string | undefined {
  const { catalog, nodeAddress, address } = instance;
  const node = nodeNameOf(instance);
  // A name that is another one than the id was told by a Nomad.
  if (PRODUCT_RULES[catalog].namesNodes || nodes.has(node) || node !== instance.node) return node;
  const told = nodeNames?.get(instance.nodeId);
  if (told !== undefined) return told;
  const own = nodeAddress === "" ? address : nodeAddress;
  for (const [name, known] of nodes) if (known === own) return name;
  return undefined;
}
