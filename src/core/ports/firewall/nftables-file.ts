import { shellWord } from "../../diagnostics/shell-word.ts";
import { onOneLine } from "./nft-comment.ts";
import { nftablesText } from "./nftables-text.ts";
import type { NodeFirewall } from "./node-firewall.ts";

/** What the head of the file tells of where its rules come from. */
export interface FirewallOrigin {
  /** The ledger's file; undefined where there is none. */
  readonly ledger: string | undefined;
  /** `20000-32000 (from the settings)`. */
  readonly dynamicPorts: string;
  /** When the catalog was asked for the nodes of clients, `2026-11-30T10:22:34Z`; undefined where no entry has any. */
  readonly clientsAt: string | undefined;
  /** How the rules are made again, without `--node`: `portolan firewall --format nftables`. */
  readonly command: string;
  /** What belongs on the node beside the rules, for the configurations of its kernel and of Nomad. */
  readonly lines: readonly string[];
}

/**
 * The whole file for `nft -f`: how to try it with an automatic way back, then the ruleset. Without an accuracy of its own a
 * timer of systemd may elapse a minute late.
 */
export function nftablesFile(
  firewall: NodeFirewall,
  { ledger, dynamicPorts, clientsAt, command, lines }: FirewallOrigin,
): string {
  const { node } = firewall;
  const file = node === undefined ? "firewall.nft" : shellWord(`${node.replace(/^-+|\//g, "_")}.nft`);
  const made = `${command}${node === undefined ? "" : ` --node ${shellWord(node)}`} >${file}`;
  const head = [
    `The firewall of ${node === undefined ? "every node: all have the same rules" : `the node ${node}`}.`,
    `From ${ledger ?? "no ledger"}; dynamic ports ${dynamicPorts}. Change those and make it again, do not edit it:`,
    `  ${made}`,
    ...(clientsAt === undefined
      ? []
      : [`Clients are let in from the nodes that they were on at ${clientsAt}: make it again when they have moved.`]),
    "",
    "Try it as root, with a way back by itself after 60 seconds to what was before, the table or none:",
    "  (echo table inet portolan; echo delete table inet portolan; nft list table inet portolan 2>/dev/null) >/run/portolan-back.nft",
    `  systemd-run --collect --unit=portolan-back --on-active=60 --timer-property=AccuracySec=1s nft -f /run/portolan-back.nft && nft -f ${file}`,
    "Does a new connection still get in? The one that you type in stays in any case. Then keep the rules:",
    "  systemctl stop portolan-back.timer",
    "Without systemd the second line is: (sleep 60; nft -f /run/portolan-back.nft) & nft -f FILE; then kill %1 keeps the rules.",
    "",
    'At boot: put it in place as /etc/portolan/firewall.nft, and at the end of /etc/nftables.conf: include "/etc/portolan/firewall.nft"',
    "To be rid of it: nft delete table inet portolan. No other table is ever touched.",
    ...(lines.length === 0
      ? []
      : ["", "Beside it, by --format sysctl and --format nomad, which say where each belongs:"]),
    ...lines.map((line) => `  ${line}`),
  ];
  return `#!/usr/sbin/nft -f\n${head.map((line) => `# ${onOneLine(line)}`.trimEnd()).join("\n")}\n\n${nftablesText(firewall)}`;
}
