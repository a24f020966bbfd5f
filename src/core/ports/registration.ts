import { foldCase } from "../../go/fold-case.ts";
import { believedAllocation } from "../catalog/believed-allocation.ts";
import type { ServiceInstance } from "../catalog/snapshot.ts";
import { memoize } from "../incremental/memoize.ts";
import {
  coversAnywhere,
  isOnNode,
  knownNodeOf,
  type Ledger,
  type LedgerEntry,
  type PortScope,
  PROTOCOLS,
  type Protocol,
} from "./ledger/ledger.ts";
import { addressBytes, isInNetwork, parseNetwork } from "./ledger/network.ts";
import { isOwner } from "./ledger/owner.ts";

/** A port that an instance holds, as the catalog says. */
export interface Registration {
  readonly instance: ServiceInstance;
  /** The node's, also where the process listens on an `internalPort` behind it. */
  readonly port: number;
  readonly protocol: Protocol;
  /** Neither the ledger nor a tag says the protocol. */
  readonly isGuess: boolean;
  readonly node: string;
  readonly address: string;
  /** It holds no port of the node's: its address is one of its own, a pod's or behind a bridge, and no port leads there. */
  readonly isInside: boolean;
  /** It was seen otherwise than in a catalog, so that no scheduler of ours placed it. */
  readonly isObserved?: true;
  /** What the process behind it listens on, where that was observed. */
  readonly leadsTo?: number;
}

/** What decides whose a port is and by which protocol. */
export interface RegistrationRules {
  readonly ledger: Ledger;
  /** Of tags that count. */
  readonly prefix: string;
}

/**
 * The ports that an instance holds: its registered one, unless there is none. Catalogs do not know protocols: the ledger
 * does for an owner's port, else tags that ask for routes, which are HTTP unless they say TCP or UDP; else TCP is a guess.
 * Where an owner listens on the `internalPort` of its entries, at an address of its own, it holds the ports of those.
 */
export function registrationsOf(instance: ServiceInstance, rules: RegistrationRules): readonly Registration[] {
  if (instance.port < 1) return [];
  const { ledger } = rules;
  const node = knownNodeOf(ledger, instance) ?? instance.node;
  const address = instance.address === "" ? instance.nodeAddress : instance.address;
  const held = { instance, node, address };
  const isInside = isInsideAddress(instance, node, ledger);
  const behind = isInside ? entriesBehind(instance, node, ledger) : [];
  if (behind.length > 0) {
    return behind.flatMap(({ ports, protocols }) =>
      protocols.map((protocol) => ({ ...held, port: ports.first, protocol, isGuess: false, isInside: false })),
    );
  }
  const known = declaredProtocols(instance, node, ledger) ?? taggedProtocols(instance, rules.prefix);
  const isGuess = known === undefined;
  return (known ?? ["tcp"]).map((protocol) => ({ ...held, port: instance.port, protocol, isGuess, isInside }));
}

/** The entries of its own whose `internalPort` it is registered with. */
function entriesBehind(instance: ServiceInstance, node: string, { entries }: Ledger): readonly LedgerEntry[] {
  return entries.filter(
    (entry) => entry.internalPort === instance.port && isOnNode(entry, node) && isOwner(entry, instance),
  );
}

/**
 * Has the instance an address of its own, as pods have and what is behind a bridge? Not where its address is the node's, as the
 * catalog or the ledger has it, nor where it lies in a network of the site, in which nodes have further addresses.
 */
function isInsideAddress({ address, nodeAddress }: ServiceInstance, node: string, ledger: Ledger): boolean {
  const known = [nodeAddress, ledger.nodes.get(node) ?? ""].filter((one) => one !== "");
  if (address === "" || known.length === 0 || known.includes(address)) return false;
  // Nomad's catalog tells no address of a node: the ledger's may be one of several.
  if (nodeAddress === "" && ledger.networks.length === 0) return false;
  const bytes = addressBytes(address);
  return bytes !== undefined && !siteNetworks(ledger).some((network) => isInNetwork(network, bytes));
}

const siteNetworks = memoize(({ networks }: Ledger) => networks.flatMap((text) => parseNetwork(text) ?? []));

function declaredProtocols(
  instance: ServiceInstance,
  node: string,
  { entries }: Ledger,
): readonly Protocol[] | undefined {
  const own = entries.filter((entry) => isOwner(entry, instance) && isOnNode(entry, node));
  const declared = PROTOCOLS.filter((protocol) =>
    own.some((entry) => coversAnywhere(entry, { port: instance.port, protocol })),
  );
  return declared.length === 0 ? undefined : declared;
}

function taggedProtocols({ tags }: ServiceInstance, prefix: string): readonly Protocol[] | undefined {
  const keys = tags.map(foldCase);
  const speaks = (protocol: string) => keys.some((key) => key.startsWith(foldCase(`${prefix}.${protocol}.`)));
  const isTcp = speaks("tcp") || speaks("http");
  if (speaks("udp")) return isTcp ? PROTOCOLS : ["udp"];
  return isTcp || keys.includes(foldCase(`${prefix}.enable=true`)) ? ["tcp"] : undefined;
}

/**
 * Do two services hold one port of one address, so that one of them cannot answer, or of two nodes, where the port is one
 * owner's on all? Not where they are one service registered twice, nor where they are two names for the port of one Nomad
 * allocation.
 */
export function areRivals(one: Registration, other: Registration, scope: PortScope): boolean {
  if (one.port !== other.port || one.protocol !== other.protocol) return false;
  const meet =
    one.node === other.node ? one.address === other.address : scope === "cluster" && !one.isInside && !other.isInside;
  if (!meet || isSameService(one.instance, other.instance)) return false;
  const allocation = believedAllocation(one.instance);
  return allocation === undefined || allocation !== believedAllocation(other.instance);
}

export function isSameService(one: ServiceInstance, other: ServiceInstance): boolean {
  return one.service === other.service && one.namespace === other.namespace;
}
