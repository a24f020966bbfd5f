import type { ServiceInstance } from "../../catalog/snapshot.ts";
import { memoize } from "../../incremental/memoize.ts";
import { plainHost } from "../../traefik/backend-url.ts";
import { isOnNode, knownNodeOf, type Ledger, type LedgerEntry } from "./ledger.ts";
import { addressBytes, isLoopback } from "./network.ts";

/** On which nodes a target may be. The address is a tenant's word, and may be another node's than the one that it is registered on. */
export interface Whereabouts {
  /** That the service is registered on, by the ledger's name; undefined where it is not known which: it may be any. */
  readonly node: string | undefined;
  /** Others whose address the target has. */
  readonly claimed?: readonly string[];
  /** It may be any other, too: which address a name has is not known. */
  readonly isAnywhere?: boolean;
  /** No node is known to have the address: a pod's own, a second one of its node, or one that the ledger lacks. */
  readonly isUnlisted?: boolean;
}

/**
 * Where a target is that an instance is registered with:
 *
 * | the host | the nodes |
 * |---|---|
 * | the address or the name of the instance's own node, as the catalog or the ledger has it | the own one |
 * | that of other nodes of the ledger, however it is written (`::ffff:10.0.0.2`, `b.node.consul`) | the own one and those |
 * | loopback | the own one and those of the load balancer, whose Traefik dials itself |
 * | an IP address of no node that is known | the own one, and it is unlisted |
 * | any other name | the own one and any other |
 *
 * @param host of a registered address, with or without brackets
 */
export function whereabouts(
  host: string,
  instance: Parameters<typeof knownNodeOf>[1] & Pick<ServiceInstance, "nodeAddress">,
  ledger: Ledger,
): Whereabouts {
  const node = knownNodeOf(ledger, instance);
  if (ledger.entries.length === 0 || node === undefined || host === "" || host === instance.nodeAddress)
    return { node };
  const place = placeKey(host);
  if (place === placeKey(instance.nodeAddress)) return { node };
  const named = placesOf(ledger).get(place) ?? (isLoopback(plainHost(host)) ? ledger.ingress : NONE);
  const names = named.length > 0 ? named : [nodeNamedBy(host, node, ledger)].filter((name) => name !== undefined);
  if (names.includes(node)) return { node };
  if (names.length > 0) return { node, claimed: names };
  return addressBytes(plainHost(host)) === undefined ? { node, isAnywhere: true } : { node, isUnlisted: true };
}

const NONE: readonly string[] = [];

/** May an entry that withholds or restricts something be about the target? */
export function mayBeOn(entry: LedgerEntry, at: Whereabouts): boolean {
  return isOnNode(entry, at.node) || mayBeElsewhereOn(entry, at);
}

/** The same, and on a node that is not surely the one which the service is registered on. */
export function mayBeElsewhereOn(
  entry: LedgerEntry,
  { node, claimed = NONE, isAnywhere = false }: Whereabouts,
): boolean {
  return node === undefined || isAnywhere || claimed.some((name) => isOnNode(entry, name));
}

/** Is an entry that opens something about the target, on each node whose it may be? */
export function isSurelyOn(entry: LedgerEntry, { node, claimed = NONE }: Whereabouts): boolean {
  return isOnNode(entry, node) && claimed.every((name) => isOnNode(entry, name));
}

/** The nodes of the ledger that have an address. */
export function nodesAddressed(host: string, ledger: Ledger): readonly string[] {
  return placesOf(ledger).get(placeKey(host)) ?? NONE;
}

const placesOf = memoize(({ nodes }: Ledger): ReadonlyMap<string, readonly string[]> => {
  const places = new Map<string, string[]>();
  for (const [name, address] of nodes) {
    const key = placeKey(address);
    places.set(key, [...(places.get(key) ?? []), name]);
  }
  return places;
});

/** An address in one spelling, IPv4 within IPv6 as what it is. */
function placeKey(host: string): string {
  const plain = plainHost(host);
  return addressBytes(plain)?.join(".") ?? plain;
}

/** A node by its own name, and by the one that Consul's DNS gives it. */
function nodeNamedBy(host: string, own: string, { nodes }: Ledger): string | undefined {
  const plain = plainHost(host);
  const name = /^([^.]+)\.node(?:\.[^.]+)?\.consul$/.exec(plain)?.[1] ?? plain;
  return [own, ...nodes.keys()].find((known) => known.toLowerCase() === name);
}
