import type { IpBlock } from "../ledger/network.ts";
import { formatRange } from "../port-range.ts";
import { formatBlock } from "./ip-blocks.ts";
import { nftComment } from "./nft-comment.ts";
import { ADDRESS_GROUPS, addressesOf, type NodeFirewall, type NodeRule } from "./node-firewall.ts";

/** Containers behind these bridges are the node's own; no interface that leads out of a node is named so. */
const BRIDGES = ["docker0", "docker_gwbridge", "nomad", "cni0", "podman0"];

const FAMILIES = [
  { family: "ipv4", protocol: "ip", type: "ipv4_addr" },
  { family: "ipv6", protocol: "ip6", type: "ipv6_addr" },
] as const;

/**
 * The ruleset of a node for `nft -f`: the table `inet portolan` and nothing else, replaced in one transaction whether it is
 * there or not. Every name and number is one that nftables 0.9.8 (Debian 11) reads without a file of names.
 *
 * | hook | priority | sees | why there |
 * |---|---|---|---|
 * | prerouting | -150 | what is sent to an address of the node | the port is still the one that the client asked for: address translation to a container comes at -100; what is forwarded without being sent to the node is none of its business |
 * | input | 0 | broadcast and multicast that the node itself receives | never translated; in prerouting also what merely crosses one of its bridges would be seen |
 */
export function nftablesText(firewall: NodeFirewall): string {
  const used = ADDRESS_GROUPS.filter((group) => firewall.rules.some(({ from }) => from.kind === group));
  // Protocols without ports go between the nodes.
  const named = ADDRESS_GROUPS.filter((group) => group === "nodes" || used.includes(group));
  const sets = named.flatMap((group) =>
    FAMILIES.flatMap(({ family, type }) => set(`${group}_${family}`, type, firewall.groups[group][family])),
  );
  const lines = [
    "# Replaces the table whole: the first line makes sure that there is one to delete.",
    "table inet portolan",
    "delete table inet portolan",
    "",
    "table inet portolan {",
    ...sets.flatMap((lines) => [...indented(lines), ""]),
    ...indented(
      block("set bridges", ["type ifname", `elements = { ${BRIDGES.map((name) => `"${name}"`).join(", ")} }`]),
    ),
    "",
    ...indented(
      block("chain prerouting", [
        "# Before any address translation (-100), so that a port that Docker publishes counts by the number that is published.",
        "type filter hook prerouting priority -150; policy accept;",
        'iifname "lo" accept',
        "fib daddr type { local, anycast } jump node",
      ]),
    ),
    "",
    ...indented(
      block("chain input", [
        "type filter hook input priority 0; policy accept;",
        'iifname "lo" accept',
        "fib daddr type { broadcast, multicast } jump node",
      ]),
    ),
    "",
    ...indented(block("chain containers", containersChain(firewall))),
    "",
    ...indented(block("chain node", nodeChain(firewall))),
    "}",
  ];
  return `${lines.join("\n")}\n`;
}

function nodeChain(firewall: NodeFirewall): readonly string[] {
  return [
    "ct state established,related accept",
    'meta l4proto { 1, 2, 58 } accept comment "ICMP, IGMP, and ICMPv6 with neighbours and routers"',
    'udp sport 67 udp dport 68 accept comment "DHCP: the lease of the node"',
    'ip6 saddr fe80::/10 udp sport 547 udp dport 546 accept comment "DHCPv6: the lease of the node"',
    ...betweenNodes(firewall),
    "iifname @bridges jump containers",
    "",
    ...firewall.rules.flatMap((rule) => ruleLines(rule, firewall)),
    "",
    'drop comment "what nothing above lets in"',
  ];
}

/** What is open to the node is open to its containers; the rest of the rules judges them by their own addresses. */
function containersChain({ rules }: NodeFirewall): readonly string[] {
  return [
    "# At every other node they come with the address of this one, so that here too they count as this node.",
    ...rules
      .filter(({ action, admitsItself }) => action === "drop" || admitsItself)
      .flatMap(({ action, ports, protocols, why }) =>
        protocols.map((protocol) => {
          const verdict = action === "drop" ? "return" : "accept";
          return `${protocol} dport ${formatRange(ports)} ${verdict} comment "${nftComment(why)}"`;
        }),
      ),
  ];
}

/** The ledger declares ports alone; VRRP of load balancers, tunnels and the like have none. */
function betweenNodes({ groups: { nodes } }: NodeFirewall): readonly string[] {
  return FAMILIES.filter(({ family }) => nodes[family].length > 0).map(
    ({ family, protocol }) =>
      `meta l4proto != { 6, 17, 33, 132, 136 } ${protocol} saddr @nodes_${family} accept comment "protocols without ports, as VRRP, between the nodes"`,
  );
}

function ruleLines(rule: NodeRule, firewall: NodeFirewall): readonly string[] {
  const { action, ports, protocols, why } = rule;
  const sources = sourcesOf(rule, firewall);
  if (sources.length === 0) {
    const names = WITHOUT_ADDRESSES[rule.from.kind];
    return [
      `# ${formatRange(ports)} (${nftComment(why)}): no address of ${names} is known, so that none of them gets in.`,
    ];
  }
  return protocols.flatMap((protocol) =>
    sources.map((source) => `${protocol} dport ${formatRange(ports)} ${source}${action} comment "${nftComment(why)}"`),
  );
}

const WITHOUT_ADDRESSES: Readonly<Record<NodeRule["from"]["kind"], string>> = {
  anywhere: "any host",
  ingress: "the load balancer",
  networks: "the site's networks",
  nodes: "the site's nodes",
  listed: "its networks",
  clients: "its clients",
};

/** The part of a rule that says from where, once for each way to say it; empty for one that is from no known address. */
function sourcesOf(rule: NodeRule, firewall: NodeFirewall): readonly string[] {
  const { from } = rule;
  const addresses = addressesOf(rule, firewall);
  if (addresses === undefined) return [""];
  return FAMILIES.flatMap(({ family, protocol }) => {
    const blocks = addresses[family];
    if (blocks.length === 0) return [];
    // A set with all addresses of a family is more than some versions take.
    if (blocks.some(({ length }) => length === 0)) return [`meta nfproto ${family} `];
    if (!("networks" in from)) return [`${protocol} saddr @${from.kind}_${family} `];
    return [`${protocol} saddr { ${blocks.map(formatBlock).join(", ")} } `];
  });
}

function set(name: string, type: string, blocks: readonly IpBlock[]): readonly (readonly string[])[] {
  if (blocks.length === 0 || blocks.some(({ length }) => length === 0)) return [];
  return [
    block(`set ${name}`, [`type ${type}`, "flags interval", `elements = { ${blocks.map(formatBlock).join(", ")} }`]),
  ];
}

function block(head: string, lines: readonly string[]): readonly string[] {
  return [`${head} {`, ...indented(lines), "}"];
}

function indented(lines: readonly string[]): readonly string[] {
  return lines.map((line) => (line === "" ? "" : `  ${line}`));
}
