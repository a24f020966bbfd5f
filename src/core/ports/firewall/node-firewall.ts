import { isOnNode, type Ledger, type Place, type Protocol } from "../ledger/ledger.ts";
import type { IpBlock } from "../ledger/network.ts";
import { isWithin, type PortRange } from "../port-range.ts";
import type { ClientsOf } from "./client-nodes.ts";
import { type FirewallRule, type FirewallSource, firewallRules } from "./firewall-rules.ts";
import { hasBlocks, type IpBlocks, ipBlocks, isWithinBlocks, NO_BLOCKS, withoutBlocks } from "./ip-blocks.ts";

/** Groups of addresses that many rules mean, by the key of the ledger that lists them. */
export const ADDRESS_GROUPS = ["ingress", "networks", "nodes"] as const;

export type AddressGroup = (typeof ADDRESS_GROUPS)[number];

/** One rule of a node, with the addresses that it lets in. */
export interface NodeRule {
  readonly action: "accept" | "drop";
  readonly ports: PortRange;
  readonly protocols: readonly Protocol[];
  readonly from: FirewallSource;
  /** Of `from`, where it is none of the groups. */
  readonly listed: IpBlocks;
  /** `from` means this node, too: what its own containers send to it counts as sent by it, as it does at every other node. */
  readonly admitsItself: boolean;
  readonly why: string;
}

/** What the firewall of one node lets in, in the order in which its rules count; all else is dropped. */
export interface NodeFirewall {
  /** Undefined: of any node. */
  readonly node: string | undefined;
  /** Its own address, as far as the ledger knows one. */
  readonly own: IpBlocks;
  readonly groups: Readonly<Record<AddressGroup, IpBlocks>>;
  readonly rules: readonly NodeRule[];
}

/** Every node that the ledger names, in the order of the file. */
export function firewallNodes({ nodes, ingress, entries }: Ledger): readonly string[] {
  return [...new Set([...nodes.keys(), ...ingress, ...entries.flatMap((entry) => entry.nodes ?? [])])];
}

/** What the rules are made of. */
export interface FirewallPlan {
  readonly ledger: Ledger;
  readonly dynamic: PortRange;
  readonly clientsOf: ClientsOf;
}

/** @param node undefined: a node of which the ledger says nothing of its own */
export function nodeFirewall({ ledger, dynamic, clientsOf }: FirewallPlan, node: string | undefined): NodeFirewall {
  const { nodes, ingress, networks } = ledger;
  const groups = {
    ingress: ipBlocks(ingress.map((name) => nodes.get(name) ?? name)),
    networks: ipBlocks(networks),
    nodes: ipBlocks([...nodes.values()]),
  };
  const own = ipBlocks(node === undefined ? [] : [nodes.get(node) ?? node]);
  const rules = firewallRules(ledger, dynamic, clientsOf)
    .filter((rule) => isOnNode(rule, node))
    .map((rule): NodeRule => {
      const { from } = rule;
      const listed = "networks" in from ? ipBlocks(from.networks) : NO_BLOCKS;
      return { ...withoutNodes(rule), listed, admitsItself: admits(from, { node, own, ingress, groups, listed }) };
    });
  return { node, own, groups, rules };
}

function withoutNodes({ action, ports, protocols, from, why }: FirewallRule) {
  return { action, ports, protocols, from, why };
}

interface Admission {
  readonly node: string | undefined;
  readonly own: IpBlocks;
  readonly ingress: readonly string[];
  readonly groups: NodeFirewall["groups"];
  readonly listed: IpBlocks;
}

function admits({ kind }: FirewallSource, { node, own, ingress, groups, listed }: Admission): boolean {
  const isAmong = (blocks: IpBlocks) => [...own.ipv4, ...own.ipv6].some((address) => isWithinBlocks(address, blocks));
  switch (kind) {
    case "anywhere":
      return true;
    case "ingress":
      return node !== undefined && ingress.includes(node);
    case "networks":
      // A node whose address is not known is one of the site all the same.
      return hasBlocks(groups.networks) && (!hasBlocks(own) || isAmong(groups.networks));
    case "nodes":
      return true;
    case "listed":
    case "clients":
      return isAmong(listed);
  }
}

/** The addresses that a rule lets in; undefined: every one. */
export function addressesOf({ from, listed }: NodeRule, { groups }: NodeFirewall): IpBlocks | undefined {
  if (from.kind === "anywhere") return undefined;
  return "networks" in from ? listed : groups[from.kind];
}

/** Does the node let a new connection from this address in? Of all rules that fit the first counts. */
export function isAdmitted(firewall: NodeFirewall, { port, protocol }: Omit<Place, "node">, from: IpBlock): boolean {
  const fitting = firewall.rules.find((rule) => {
    if (!isWithin(port, rule.ports) || !rule.protocols.includes(protocol)) return false;
    const addresses = addressesOf(rule, firewall);
    return addresses === undefined || isWithinBlocks(from, addresses);
  });
  return fitting?.action === "accept";
}

/** Does the node let a new connection to this port in from anywhere else at all? What it sends itself goes by loopback. */
export function isOpen(firewall: NodeFirewall, port: number, protocol: Protocol): boolean {
  const fitting = firewall.rules.filter((rule) => isWithin(port, rule.ports) && rule.protocols.includes(protocol));
  const closing = fitting.findIndex(({ action }) => action === "drop");
  return fitting.slice(0, closing < 0 ? undefined : closing).some((rule) => {
    const addresses = addressesOf(rule, firewall);
    return addresses === undefined || hasBlocks(withoutBlocks(addresses, firewall.own));
  });
}
