import { formatRange, isWithinRange, type PortRange } from "../../../core/ports/port-range.ts";
import { allowedNetworks, resolveNetworks } from "../networks.ts";
import type { LedgerFile } from "./ledger-schema.ts";

type FileEntry = LedgerFile["ports"][number];

/** What is wrong with a ledger's file across its fields: where, what was found, what is allowed. */
export function ledgerProblems(file: LedgerFile): readonly string[] {
  const { range, ingress, groups, ports } = file;
  return [
    ...unknownNodes(ingress, "ingress", file),
    ...groups.flatMap(({ name, ports: own }, position) => [
      ...outside(range, own, `groups.${position}.ports`),
      ...(groups.findIndex((other) => other.name === name) === position
        ? []
        : [`groups.${position}.name: found ${JSON.stringify(name)}; a name that no other group has is allowed`]),
    ]),
    ...ports.flatMap((entry, position) => entryProblems(entry, `ports.${position}`, file)),
  ];
}

function entryProblems(entry: FileEntry, path: string, file: LedgerFile): readonly string[] {
  const { ports, nodes = [], exposure, from = [], internalPort } = entry;
  return [
    ...outside(file.range, ports, `${path}.ports`),
    ...unknownNodes(nodes, `${path}.nodes`, file),
    ...resolveNetworks(from, file.networks).unknown.map(
      ({ position, item }) =>
        `${path}.from.${position}: found ${JSON.stringify(item)}; ${allowedNetworks(file.networks)}`,
    ),
    ...(exposure === "restricted" && from.length === 0
      ? [`${path}.from: found nothing; with exposure restricted the networks that may reach it must be named`]
      : []),
    ...(internalPort !== undefined && ports.first !== ports.last
      ? [
          `${path}.internalPort: found ${internalPort} beside the range ${formatRange(ports)}; it is allowed beside one port: write an entry for each`,
        ]
      : []),
    ...metricsProblems(entry, file).map((problem) => `${path}.metrics: ${problem}`),
  ];
}

/** Why an entry cannot be a target for Prometheus. */
function metricsProblems(
  { metrics, ports, protocol, exposure, nodes }: FileEntry,
  file: LedgerFile,
): readonly string[] {
  if (metrics === undefined) return [];
  if (ports.first !== ports.last)
    return [`found it beside the range ${formatRange(ports)}; it is allowed beside one port`];
  if (protocol === "udp")
    return ["found it with protocol udp; it is allowed with tcp and both, since HTTP asks for metrics"];
  if (exposure === "never") {
    return ["found it with exposure never; it is allowed with the others, of which internal is no route either"];
  }
  if (nodes !== undefined || Object.keys(file.nodes).length > 0) return [];
  return [
    "found it without a node; name those that have metrics under nodes, and their addresses under the ledger's nodes",
  ];
}

function unknownNodes(names: readonly string[], path: string, { nodes }: LedgerFile): readonly string[] {
  const known = Object.keys(nodes);
  if (known.length === 0) return [];
  return names
    .filter((name) => !known.includes(name))
    .map((name) => `${path}: found ${JSON.stringify(name)}; allowed, since nodes lists them: ${known.join(", ")}`);
}

function outside(range: PortRange | undefined, own: PortRange, path: string): readonly string[] {
  if (range === undefined || isWithinRange(range, own)) return [];
  return [`${path}: found ${formatRange(own)}; ports within the ledger's range ${formatRange(range)} are allowed`];
}
