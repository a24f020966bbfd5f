import { readDynamicPorts } from "../../../app/dynamic-ports/read-dynamic-ports-once.ts";
import { EXIT_CODES } from "../../../base/errors.ts";
import { isoSeconds } from "../../../base/iso-seconds.ts";
import { printableLines } from "../../../base/printable.ts";
import { coreSettings } from "../../../config/resolve/core-settings.ts";
import { shellWord } from "../../../core/diagnostics/shell-word.ts";
import type { DynamicRange } from "../../../core/ports/dynamic-range.ts";
import { clientNodes } from "../../../core/ports/firewall/client-nodes.ts";
import { type FirewallRule, firewallRules } from "../../../core/ports/firewall/firewall-rules.ts";
import {
  clientWarnings,
  type FirewallWarning,
  ingressWarnings,
  nodeWarnings,
} from "../../../core/ports/firewall/firewall-warnings.ts";
import { nftablesFile } from "../../../core/ports/firewall/nftables-file.ts";
import type { FirewallPlan } from "../../../core/ports/firewall/node-firewall.ts";
import { formatRange } from "../../../core/ports/port-range.ts";
import type { Command, FlagValues } from "../../command-line/command-line.ts";
import { firewallOfNode, knownNode } from "./firewall-node.ts";
import { firewallJson, firewallTable } from "./firewall-table.ts";
import { loadForReading, printResult, rangeLine, readPortsAndInstances, SURVEY_FLAGS } from "./ports-survey.ts";

export const firewallCommand: Command = {
  name: "firewall",
  summary: "list what the nodes' firewalls must let in, and from where",
  help: [
    "Derived from the ledger and the dynamic range; the catalog is asked only where an entry has clients, for the nodes that",
    "they are on: without its answer nothing is printed. The first rule that fits counts, and what",
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
    69: "Nomad did not answer about the dynamic range, or the catalog about the nodes of clients",
    78: "bad settings or ledger",
  },
  async run(flags) {
    const settings = await loadForReading(flags);
    const hasClients = coreSettings(settings).ports.ledger.entries.some(({ clients = [] }) => clients.length > 0);
    const { range, instances } = hasClients
      ? await readPortsAndInstances(settings)
      : { ...(await readDynamicPorts(settings)), instances: [] };
    const { ledger } = coreSettings(settings, range.ports).ports;
    const clientsOf = clientNodes(instances, ledger);
    const plan = { ledger, dynamic: range.ports, clientsOf };
    if (flags["format"] === "nftables") printNftables(flags, plan, range, hasClients ? Date.now() : undefined);
    else printPlan(flags, plan, range);
    return EXIT_CODES.ok;
  },
};

function printPlan(flags: FlagValues, { ledger, dynamic, clientsOf }: FirewallPlan, range: DynamicRange): void {
  const node = flags["node"] === undefined ? undefined : knownNode(flags["node"], ledger);
  const rules = firewallRules(ledger, dynamic, clientsOf).filter((rule) => node === undefined || isOf(rule, node));
  printWarnings([...clientWarnings(ledger, clientsOf), ...ingressWarnings(ledger)]);
  printResult(flags, firewallJson(rules, ledger), firewallTable(rules, ledger) + rangeLine(range));
}

function isOf({ nodes }: FirewallRule, node: string): boolean {
  return nodes === undefined || nodes.includes(node);
}

function printNftables(
  { node, settings }: FlagValues,
  plan: FirewallPlan,
  { ports, origin }: DynamicRange,
  askedAtMs: number | undefined,
): void {
  const { ledger, clientsOf } = plan;
  const command = `portolan firewall --format nftables${settings === undefined ? "" : ` --settings ${shellWord(settings)}`}`;
  const firewall = firewallOfNode(node, plan, command);
  printWarnings([...nodeWarnings(ledger, firewall), ...clientWarnings(ledger, clientsOf), ...ingressWarnings(ledger)]);
  const from = {
    ledger: ledger.file,
    dynamicPorts: `${formatRange(ports)} (${origin})`,
    clientsAt: askedAtMs === undefined ? undefined : isoSeconds(askedAtMs),
    command,
  };
  process.stdout.write(printableLines(nftablesFile(firewall, from)));
}

function printWarnings(warnings: readonly FirewallWarning[]): void {
  for (const { message, remedy } of warnings) {
    const indented = remedy.replaceAll("\n", "\n    ");
    process.stderr.write(`${printableLines(`portolan: warning: ${message}\n  remedy: ${indented}`)}\n`);
  }
}
