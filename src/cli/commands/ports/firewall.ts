import { readDynamicPorts } from "../../../app/dynamic-ports/read-dynamic-ports-once.ts";
import { EXIT_CODES } from "../../../base/errors.ts";
import { isoSeconds } from "../../../base/iso-seconds.ts";
import { printable, printableLines } from "../../../base/printable.ts";
import { coreSettings } from "../../../config/resolve/core-settings.ts";
import { shellWord } from "../../../core/diagnostics/shell-word.ts";
import type { DynamicRange } from "../../../core/ports/dynamic-range.ts";
import { clientNodes } from "../../../core/ports/firewall/client-nodes.ts";
import { firewallRules } from "../../../core/ports/firewall/firewall-rules.ts";
import {
  clientWarnings,
  type FirewallWarning,
  ingressWarnings,
  nodeWarnings,
  overlapWarnings,
} from "../../../core/ports/firewall/firewall-warnings.ts";
import { nftablesFile } from "../../../core/ports/firewall/nftables-file.ts";
import { nftablesText } from "../../../core/ports/firewall/nftables-text.ts";
import { type FirewallPlan, firewallNodes, nodeFirewall } from "../../../core/ports/firewall/node-firewall.ts";
import { nomadLine, sysctlLine } from "../../../core/ports/firewall/node-lines.ts";
import { isOnNode } from "../../../core/ports/ledger/ledger.ts";
import { formatRange } from "../../../core/ports/port-range.ts";
import type { FlagValues } from "../../command-line/command-line.ts";
import { knownNode, printedNode } from "./firewall-node.ts";
import { firewallJson, firewallTable } from "./firewall-table.ts";
import { loadForReading, printResult, rangeLine, readPortsAndInstances } from "./ports-survey.ts";

/** Does what `firewallCommand` says. Resolves to the exit code. */
export async function run(flags: FlagValues): Promise<number> {
  const settings = await loadForReading(flags);
  const { format } = flags;
  const isOfPorts = format === "sysctl" || format === "nomad";
  const hasClients = coreSettings(settings).ports.ledger.entries.some(({ clients = [] }) => clients.length > 0);
  const asksCatalog = hasClients && !isOfPorts;
  const { range, instances } = asksCatalog
    ? await readPortsAndInstances(settings)
    : { ...(await readDynamicPorts(settings)), instances: [] };
  const { ledger } = coreSettings(settings, range.ports).ports;
  const clientsOf = clientNodes(instances, ledger);
  const plan = { ledger, dynamic: range.ports, clientsOf };
  if (format === "nftables") printNftables(flags, plan, range, asksCatalog ? Date.now() : undefined);
  else if (isOfPorts) printLine(format, flags, plan, range);
  else printPlan(flags, plan, range);
  return EXIT_CODES.ok;
}

function printPlan(flags: FlagValues, plan: FirewallPlan, range: DynamicRange): void {
  const { ledger, dynamic, clientsOf } = plan;
  const node = flags["node"] === undefined ? undefined : knownNode(flags["node"], ledger);
  const rules = firewallRules(ledger, dynamic, clientsOf).filter((rule) => node === undefined || isOnNode(rule, node));
  printWarnings(ledgerWarnings(plan));
  printResult(flags, firewallJson(rules, ledger), firewallTable(rules, ledger) + rangeLine(range));
}

/** About all nodes. */
function ledgerWarnings(plan: FirewallPlan): readonly FirewallWarning[] {
  const { ledger, clientsOf } = plan;
  return [...overlapWarnings(ledger), ...clientWarnings(ledger, clientsOf), ...ingressWarnings(plan)];
}

function printNftables(
  { node, settings }: FlagValues,
  plan: FirewallPlan,
  { ports, origin }: DynamicRange,
  askedAtMs: number | undefined,
): void {
  const { ledger } = plan;
  const command = commandOf("nftables", settings);
  const printed = (one: string | undefined) => nftablesText(nodeFirewall(plan, one));
  const { node: whose, isOfAll } = printedNode(node, ledger, { printed, command, ending: "nft" });
  const own = nodeFirewall(plan, whose);
  const firewall = isOfAll ? { ...own, node: undefined } : own;
  const alike = isOfAll ? firewallNodes(ledger).map((one) => nodeFirewall(plan, one)) : [own];
  printWarnings([...nodeWarnings(ledger, own, alike), ...ledgerWarnings(plan)]);
  const from = {
    ledger: ledger.file,
    dynamicPorts: `${formatRange(ports)} (${origin})`,
    clientsAt: askedAtMs === undefined ? undefined : isoSeconds(askedAtMs),
    command,
    lines: [sysctlLine(ledger, plan.dynamic, whose), nomadLine(ledger, plan.dynamic, whose)].filter(
      (line) => line !== undefined,
    ),
  };
  process.stdout.write(printableLines(nftablesFile(firewall, from)));
}

/** Lines for other files of a node, beside its firewall. */
function printLine(
  format: "sysctl" | "nomad",
  { node, settings }: FlagValues,
  { ledger, dynamic }: FirewallPlan,
  { origin }: DynamicRange,
): void {
  const { line, file, until } = LINES[format];
  const printed = (one: string | undefined) => line(ledger, dynamic, one) ?? "";
  const command = commandOf(format, settings);
  const { node: whose, isOfAll } = printedNode(node, ledger, { printed, command, ending: format });
  const text = printed(whose);
  const head = [
    `${isOfAll ? "Of every node" : `Of the node ${whose}`}, from ${ledger.file ?? "no ledger"}; dynamic ports ${formatRange(dynamic)} (${origin}).`,
    text === "" ? "Nothing is to be reserved: no declared port is dynamic." : `For ${file}; it counts after ${until}.`,
  ];
  process.stdout.write(
    `${[...head.map((one) => `# ${printable(one)}`), text].filter((one) => one !== "").join("\n")}\n`,
  );
}

const LINES = {
  sysctl: {
    line: sysctlLine,
    file: "/etc/sysctl.d/60-portolan.conf (the key holds one list: what another file reserves belongs in it)",
    until: "sysctl --system",
  },
  nomad: { line: nomadLine, file: "the configuration of Nomad's client", until: "its restart" },
} as const;

function commandOf(format: string, settings: string | undefined): string {
  return `portolan firewall --format ${format}${settings === undefined ? "" : ` --settings ${shellWord(settings)}`}`;
}

function printWarnings(warnings: readonly FirewallWarning[]): void {
  for (const { message, remedy } of warnings) {
    const indented = remedy.replaceAll("\n", "\n    ");
    process.stderr.write(`${printableLines(`portolan: warning: ${message}\n  remedy: ${indented}`)}\n`);
  }
}
