import { entryCovers, type Ledger, type LedgerEntry, type Place } from "../ledger/ledger.ts";
import { ownerName } from "../ledger/owner.ts";
import { cutRanges, formatRange, intersection, isWithin } from "../port-range.ts";
import type { ClientsOf } from "./client-nodes.ts";
import { letInRemedy, mayLeaveOut } from "./closed-to-ingress.ts";
import { hasBlocks, type IpBlocks, ipBlocks } from "./ip-blocks.ts";
import {
  ADDRESS_GROUPS,
  type AddressGroup,
  type FirewallPlan,
  firewallNodes,
  isAdmitted,
  isOpen,
  type NodeFirewall,
  nodeFirewall,
} from "./node-firewall.ts";
import { isStricter, type Overlap, overlappingEntries } from "./overlapping-entries.ts";

/** What an operator should know before rules are loaded that are made as well as the ledger allows. */
export interface FirewallWarning {
  readonly message: string;
  /** Ready to copy. */
  readonly remedy: string;
}

const SSH = { port: 22, protocol: "tcp" } as const;

/**
 * About the rules of one node.
 *
 * @param alike the node's own, and those of all others that have the same rules
 */
export function nodeWarnings(
  ledger: Ledger,
  firewall: NodeFirewall,
  alike: readonly NodeFirewall[] = [firewall],
): readonly FirewallWarning[] {
  return [...sshWarning(ledger, alike), ...ADDRESS_GROUPS.flatMap((group) => groupWarnings(group, ledger, firewall))];
}

/** About entries whose ports some node keeps from a load balancer, by all of its rules: what is routed there would not answer. */
export function ingressWarnings(plan: FirewallPlan): readonly FirewallWarning[] {
  const { ledger } = plan;
  const firewalls = memoizedByNode(plan);
  return ledger.entries.filter(mayLeaveOut).flatMap((entry) => {
    const nodes = entry.nodes ?? [...firewallNodes(ledger), undefined];
    const left = ledger.ingress.filter((balancer) => {
      const { ipv4, ipv6 } = ipBlocks([ledger.nodes.get(balancer) ?? balancer]);
      const isShutOut = (node: string | undefined) =>
        placesOf(entry, node, ledger).some(
          (place) => ![...ipv4, ...ipv6].every((address) => isAdmitted(firewalls(node), place, address)),
        );
      return nodes.some((node) => node !== balancer && isShutOut(node));
    });
    if (left.length === 0) return [];
    const { origin, ports, exposure } = entry;
    return [
      {
        message: `${formatRange(ports)} is declared ${exposure} (${origin}), and its from leaves out the load balancer's ${left.join(", ")}: a route to it gets no answer`,
        remedy: letInRemedy(entry, ledger, left),
      },
    ];
  });
}

/** About entries of different exposure that speak of the same ports: one of them does not count there. */
export function overlapWarnings({ entries }: Ledger): readonly FirewallWarning[] {
  return overlappingEntries(entries).map((overlap) => {
    const { stricter, weaker, ports, protocols, nodes } = overlap;
    const where = `${formatRange(ports)}/${protocols.join("+")}${nodes === undefined ? "" : ` of ${nodes.join(", ")}`}`;
    return {
      message: `${where} is declared ${stricter.exposure} (${stricter.origin}) and ${weaker.exposure} (${weaker.origin}): ${weaker.exposure} does not count there, since the strictest exposure counts alone`,
      remedy: separateRemedy(overlap),
    };
  });
}

function separateRemedy({ stricter, weaker, ports, protocols, nodes }: Overlap): string {
  const isPartly = protocols.length < weaker.protocols.length || nodes?.length !== weaker.nodes?.length;
  if (isPartly) {
    return `write ${weaker.origin} once for ${formatRange(ports)}, with the nodes and the protocols that ${stricter.origin} has not, and once for the rest`;
  }
  const rest = cutRanges([weaker.ports, ports]).filter(({ first }) => !isWithin(first, ports));
  if (rest.length === 0) return `remove ${weaker.origin}, or write in it: exposure: ${stricter.exposure}`;
  return `write in ${weaker.origin}: ${rest.map((one) => `ports: ${formatRange(one)}`).join("; and again, with ")}`;
}

/** One port of each piece of the entry's that all rules of a node treat alike, where no stricter entry counts. */
function placesOf(entry: LedgerEntry, node: string | undefined, { entries }: Ledger): readonly Place[] {
  const shared = entries.map(({ ports }) => intersection(ports, entry.ports)).filter((one) => one !== undefined);
  return cutRanges([entry.ports, ...shared])
    .flatMap(({ first: port }) => entry.protocols.map((protocol) => ({ port, protocol, node })))
    .filter((place) => !entries.some((other) => isStricter(other, entry) && entryCovers(other, place)));
}

function memoizedByNode(plan: FirewallPlan): (node: string | undefined) => NodeFirewall {
  const made = new Map<string | undefined, NodeFirewall>();
  return (node) => {
    const firewall = made.get(node) ?? nodeFirewall(plan, node);
    made.set(node, firewall);
    return firewall;
  };
}

/** About clients that are let in from nowhere: none is registered, or on no node of the site, or on one without an address. */
export function clientWarnings(ledger: Ledger, clientsOf: ClientsOf): readonly FirewallWarning[] {
  const { nodes } = ledger;
  return ledger.entries.flatMap((entry) => {
    if ((entry.clients ?? []).length === 0) return [];
    const { absent, elsewhere, unaddressed } = clientsOf(entry);
    const to = `${formatRange(entry.ports)} of ${ownerName(entry)}`;
    return [
      ...absent.map((client) => ({
        message: `${client} is registered nowhere, so that no node is let in to ${to} for it (${entry.origin})`,
        remedy:
          "make the rules again when it is registered, before it needs the port; or write its nodes' addresses as from",
      })),
      ...elsewhere.map((client) => ({
        message: `${client} is on no node of the ledger, so that it is not let in to ${to} (${entry.origin})`,
        remedy: `name its node in ${ledger.file ?? "the ledger"} beside ${nodes.size === 0 ? "others" : [...nodes.keys()].join(", ")}: nodes: { NAME: ADDRESS }`,
      })),
      ...unaddressed.map(({ client, node }) => ({
        message: `rules cannot have a name, whose address may change: ${client} is not let in to ${to} (${entry.origin})`,
        remedy: addressRemedy(ledger, [node]),
      })),
    ];
  });
}

function sshWarning(ledger: Ledger, alike: readonly NodeFirewall[]): readonly FirewallWarning[] {
  const [closed, ...more] = alike.filter((firewall) => !isOpen(firewall, SSH.port, SSH.protocol));
  if (closed === undefined) return [];
  const { file, range, entries } = ledger;
  const nodes = [closed, ...more].map(({ node = "any node that the ledger does not name" }) => node).join(", ");
  const message = `22/tcp of ${nodes} is open to no address: once these rules are loaded, no new SSH session gets in`;
  const own = entries.find((entry) => entryCovers(entry, { ...SSH, node: closed.node }));
  if (own !== undefined) return [{ message, remedy: `let an address of yours in by ${own.origin}` }];
  const line = "- { ports: 22, owner: sshd, exposure: internal, purpose: SSH }";
  if (file === undefined) {
    return [{ message, remedy: `declare it in a ledger, which the setting ports.ledger names:\nports:\n  ${line}` }];
  }
  const isOutside = range !== undefined && range.first > SSH.port;
  const widened = isOutside ? `range: ${SSH.port}-${range.last}\n` : "";
  return [{ message, remedy: `write in ${file}:\n${widened}ports:\n  ${line}` }];
}

const EXAMPLES: Readonly<Record<AddressGroup, string>> = {
  ingress: "ingress: [lb-1], with its address under nodes",
  networks: "networks: [192.168.11.0/24]",
  nodes: "nodes: { node-1: 192.168.11.21 }",
};

function groupWarnings(
  group: AddressGroup,
  ledger: Ledger,
  { groups, rules }: NodeFirewall,
): readonly FirewallWarning[] {
  const blocks: IpBlocks = groups[group];
  const ports = rules.filter(({ from }) => from.kind === group).map((rule) => formatRange(rule.ports));
  if (ports.length === 0) return [];
  const kept = `${[...new Set(ports)].join(", ")}`;
  const { file = "the ledger" } = ledger;
  const nodes = blocks.names.flatMap((name) => nodesAt(name, group, ledger));
  if (nodes.length > 0) {
    const names = nodes.map(({ node, name }) => (node === name ? name : `${node} (${name})`)).join(", ");
    return [
      {
        message: `${file} has no address of ${names} for ${group}, and rules cannot have a name, whose address may change: ${names} stays closed out of ${kept}`,
        remedy: addressRemedy(
          ledger,
          nodes.map(({ node }) => node),
        ),
      },
    ];
  }
  if (hasBlocks(blocks)) return [];
  return [
    {
      message: `${file} says nothing of ${group}, so that what is for them stays closed: ${kept}`,
      remedy: `write in ${file}, with your own addresses: ${EXAMPLES[group]}`,
    },
  ];
}

/** The nodes that have this name in place of an address; one of `ingress` may stand for itself. */
function nodesAt(name: string, group: AddressGroup, { nodes, ingress }: Ledger) {
  const known = group === "ingress" ? ingress : [...nodes.keys()];
  return known.filter((node) => (nodes.get(node) ?? node) === name).map((node) => ({ node, name }));
}

function addressRemedy({ file = "the ledger" }: Ledger, nodes: readonly string[]): string {
  return `write the address in ${file}: nodes: { ${nodes.map((node) => `${yamlKey(node)}: ADDRESS`).join(", ")} }`;
}

function yamlKey(name: string): string {
  return /^[\w.-]+$/.test(name) ? name : JSON.stringify(name);
}
