import { readDynamicPorts } from "../../../app/dynamic-ports/read-dynamic-ports-once.ts";
import { EXIT_CODES } from "../../../base/errors.ts";
import { coreSettings } from "../../../config/resolve/core-settings.ts";
import { type FirewallRule, type FirewallSource, firewallRules } from "../../../core/ports/inventory/firewall.ts";
import type { Ledger } from "../../../core/ports/ledger.ts";
import { formatRange } from "../../../core/ports/port-range.ts";
import type { Command } from "../../command-line/command-line.ts";
import { textTable } from "../../text/text-table.ts";
import { loadForReading, printResult, rangeLine, SURVEY_FLAGS } from "./ports-survey.ts";

export const firewallCommand: Command = {
  name: "firewall",
  summary: "list what the nodes' firewalls must let in, and from where",
  help: [
    "Derived from the ledger and the dynamic range alone; the catalog is not read. The first rule that fits counts, and what",
    "no rule accepts is dropped.",
  ].join("\n"),
  flags: SURVEY_FLAGS,
  exitCodes: {
    0: "done",
    69: "Nomad did not answer about the dynamic range",
    78: "bad settings or ledger",
  },
  async run(flags) {
    const settings = await loadForReading(flags);
    const { range } = await readDynamicPorts(settings);
    const { dynamic, ledger } = coreSettings(settings, range.ports).ports;
    const rules = firewallRules(ledger, dynamic);
    const rows = rules.map((rule) => cells(rule, ledger));
    const drop = ["drop", "*", "everything else", "", "anywhere", ""];
    printResult(
      flags,
      rules.map((rule) => asJson(rule, ledger)),
      textTable(["ACTION", "NODE", "PORT", "PROTOCOL", "FROM", "WHY"], [...rows, drop]) + rangeLine(range),
    );
    return EXIT_CODES.ok;
  },
};

function cells({ action, nodes, ports, protocols, from, why }: FirewallRule, ledger: Ledger): readonly string[] {
  return [action, nodes?.join(",") ?? "*", formatRange(ports), protocols.join("+"), sourceText(from, ledger), why];
}

function asJson({ ports, from, ...rest }: FirewallRule, ledger: Ledger): unknown {
  return { ...rest, ports: formatRange(ports), from: addressesOf(from, ledger) };
}

/** Addresses where the ledger names them, else what is meant in words. */
function sourceText(from: FirewallSource, ledger: Ledger): string {
  const addresses = addressesOf(from, ledger);
  return addresses.length > 0 ? addresses.join(",") : WITHOUT_ADDRESSES[from.kind];
}

const WITHOUT_ADDRESSES: Readonly<Record<FirewallSource["kind"], string>> = {
  anywhere: "anywhere",
  ingress: "the load balancer (name its nodes under ingress)",
  networks: "the site's networks (name them under networks)",
  nodes: "the site's nodes (name them under nodes)",
  listed: "",
};

function addressesOf(from: FirewallSource, { nodes, ingress, networks }: Ledger): readonly string[] {
  switch (from.kind) {
    case "anywhere":
      return [];
    case "ingress":
      return ingress.map((node) => nodes.get(node) ?? node);
    case "networks":
      return networks;
    case "nodes":
      return [...nodes.values()];
    case "listed":
      return from.networks;
  }
}
