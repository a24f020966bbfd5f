import { readDynamicPorts } from "../../../app/dynamic-ports/read-dynamic-ports-once.ts";
import { EXIT_CODES } from "../../../base/errors.ts";
import { printableLines } from "../../../base/printable.ts";
import { coreSettings } from "../../../config/resolve/core-settings.ts";
import { shellWord } from "../../../core/diagnostics/shell-word.ts";
import type { DynamicRange } from "../../../core/ports/dynamic-range.ts";
import { type FirewallRule, firewallRules } from "../../../core/ports/firewall/firewall-rules.ts";
import { type FirewallWarning, ingressWarnings, nodeWarnings } from "../../../core/ports/firewall/firewall-warnings.ts";
import { nftablesFile } from "../../../core/ports/firewall/nftables-file.ts";
import type { Ledger } from "../../../core/ports/ledger.ts";
import { formatRange } from "../../../core/ports/port-range.ts";
import type { Command, FlagValues } from "../../command-line/command-line.ts";
import { firewallOfNode, knownNode } from "./firewall-node.ts";
import { firewallJson, firewallTable } from "./firewall-table.ts";
import { loadForReading, printResult, rangeLine, SURVEY_FLAGS } from "./ports-survey.ts";

export const firewallCommand: Command = {
  name: "firewall",
  summary: "list what the nodes' firewalls must let in, and from where",
  help: [
    "Derived from the ledger and the dynamic range alone; the catalog is not read. The first rule that fits counts, and what",
    "no rule accepts is dropped. --format nftables prints the rules of one node as a file for nft -f, which begins with how to",
    "try it with an automatic way back; docs/firewall.md explains it. Nothing is applied. What the ledger does not say, so that",
    "a port stays closed, is told on standard error.",
  ].join("\n"),
  flags: [
    ...SURVEY_FLAGS.map((flag) => (flag.name === "format" ? { ...flag, values: ["table", "json", "nftables"] } : flag)),
    { name: "node", value: "NODE", help: "of this node; nftables needs it where the nodes have different rules" },
  ],
  exitCodes: {
    0: "done",
    69: "Nomad did not answer about the dynamic range",
    78: "bad settings or ledger",
  },
  async run(flags) {
    const settings = await loadForReading(flags);
    const { range } = await readDynamicPorts(settings);
    const { ledger } = coreSettings(settings, range.ports).ports;
    if (flags["format"] === "nftables") printNftables(flags, ledger, range);
    else printPlan(flags, ledger, range);
    return EXIT_CODES.ok;
  },
};

function printPlan(flags: FlagValues, ledger: Ledger, range: DynamicRange): void {
  const node = flags["node"] === undefined ? undefined : knownNode(flags["node"], ledger);
  const rules = firewallRules(ledger, range.ports).filter((rule) => node === undefined || isOf(rule, node));
  printWarnings(ingressWarnings(ledger));
  printResult(flags, firewallJson(rules, ledger), firewallTable(rules, ledger) + rangeLine(range));
}

function isOf({ nodes }: FirewallRule, node: string): boolean {
  return nodes === undefined || nodes.includes(node);
}

function printNftables(flags: FlagValues, ledger: Ledger, { ports, origin }: DynamicRange): void {
  const { node, settings } = flags;
  const command = `portolan firewall --format nftables${settings === undefined ? "" : ` --settings ${shellWord(settings)}`}`;
  const firewall = firewallOfNode(node, { ledger, dynamic: ports, command });
  printWarnings([...nodeWarnings(ledger, firewall), ...ingressWarnings(ledger)]);
  const from = { ledger: ledger.file, dynamicPorts: `${formatRange(ports)} (${origin})`, command };
  process.stdout.write(printableLines(nftablesFile(firewall, from)));
}

function printWarnings(warnings: readonly FirewallWarning[]): void {
  for (const { message, remedy } of warnings) {
    const indented = remedy.replaceAll("\n", "\n    ");
    process.stderr.write(`${printableLines(`portolan: warning: ${message}\n  remedy: ${indented}`)}\n`);
  }
}
