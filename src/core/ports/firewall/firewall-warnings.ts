import { entryCovers, type Ledger } from "../ledger/ledger.ts";
import { ownerName } from "../ledger/owner.ts";
import { formatRange } from "../port-range.ts";
import type { ClientsOf } from "./client-nodes.ts";
import { ingressLeftOut, letInRemedy } from "./closed-to-ingress.ts";
import { hasBlocks, type IpBlocks } from "./ip-blocks.ts";
import { ADDRESS_GROUPS, type AddressGroup, isOpen, type NodeFirewall } from "./node-firewall.ts";

/** What an operator should know before rules are loaded that are made as well as the ledger allows. */
export interface FirewallWarning {
  readonly message: string;
  /** Ready to copy. */
  readonly remedy: string;
}

const SSH = { port: 22, protocol: "tcp" } as const;

/** About the rules of one node. */
export function nodeWarnings(ledger: Ledger, firewall: NodeFirewall): readonly FirewallWarning[] {
  return [
    ...sshWarning(ledger, firewall),
    ...ADDRESS_GROUPS.flatMap((group) => groupWarnings(group, ledger, firewall)),
  ];
}

/** About entries that let no load balancer in, on whatever node: what is routed there would not answer. */
export function ingressWarnings(ledger: Ledger): readonly FirewallWarning[] {
  return ledger.entries.flatMap((entry) => {
    const left = ingressLeftOut(entry, ledger);
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

/** About clients that are let in from nowhere, since the catalog knows none or places it outside of the site. */
export function clientWarnings(ledger: Ledger, clientsOf: ClientsOf): readonly FirewallWarning[] {
  const { nodes } = ledger;
  return ledger.entries.flatMap((entry) => {
    if ((entry.clients ?? []).length === 0) return [];
    const { absent, elsewhere } = clientsOf(entry);
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
    ];
  });
}

function sshWarning(ledger: Ledger, firewall: NodeFirewall): readonly FirewallWarning[] {
  if (isOpen(firewall, SSH.port, SSH.protocol)) return [];
  const { file, range, entries } = ledger;
  const node = firewall.node ?? "any node that the ledger does not name";
  const message = `22/tcp of ${node} is open to no address: once these rules are loaded, no new SSH session gets in`;
  const own = entries.find((entry) => entryCovers(entry, { ...SSH, node: firewall.node }));
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
  { file = "the ledger" }: Ledger,
  { groups, rules }: NodeFirewall,
): readonly FirewallWarning[] {
  const blocks: IpBlocks = groups[group];
  const ports = rules.filter(({ from }) => from.kind === group).map((rule) => formatRange(rule.ports));
  if (ports.length === 0) return [];
  const kept = `${[...new Set(ports)].join(", ")}`;
  if (blocks.names.length > 0) {
    const names = blocks.names.join(", ");
    return [
      {
        message: `${file} has no address of ${names} for ${group}, and rules cannot have a name, whose address may change: ${names} stays closed out of ${kept}`,
        remedy: `write the address in ${file}: nodes: { ${blocks.names.map((name) => `${name}: ADDRESS`).join(", ")} }`,
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
