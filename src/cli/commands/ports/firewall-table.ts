import type { FirewallRule, FirewallSource } from "../../../core/ports/firewall/firewall-rules.ts";
import type { Ledger } from "../../../core/ports/ledger/ledger.ts";
import { formatRange } from "../../../core/ports/port-range.ts";
import { textTable } from "../../text/text-table.ts";

/** The plan for people, one rule a line; the last line is what holds for all that no other one accepts. */
export function firewallTable(rules: readonly FirewallRule[], ledger: Ledger): string {
  const drop = ["drop", "*", "everything else", "", "anywhere", ""];
  const rows = rules.map((rule) => cells(rule, ledger));
  return textTable(["ACTION", "NODE", "PORT", "PROTOCOL", "FROM", "WHY"], [...rows, drop]);
}

export function firewallJson(rules: readonly FirewallRule[], ledger: Ledger): unknown {
  return rules.map(({ ports, from, ...rest }) => ({
    ...rest,
    ports: formatRange(ports),
    from: addressesOf(from, ledger),
  }));
}

function cells({ action, nodes, ports, protocols, from, why }: FirewallRule, ledger: Ledger): readonly string[] {
  return [action, nodes?.join(",") ?? "*", formatRange(ports), protocols.join("+"), sourceText(from, ledger), why];
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
  clients: "its clients, which are on no node that is known",
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
    case "clients":
      return from.networks;
  }
}
