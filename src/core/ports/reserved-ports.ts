import { isOnNode, type Ledger } from "./ledger.ts";
import { formatRange, intersection, joinRanges, type PortRange } from "./port-range.ts";

/** What a Nomad client must be told, so that it hands none of these ports out. */
export interface ReservedPorts {
  /** Undefined: every node that no other line names. */
  readonly node: string | undefined;
  /** As `client { reserved { reserved_ports = "…" } }` takes it. */
  readonly reservedPorts: string;
}

/**
 * The declared ports and groups that lie inside Nomad's dynamic range, for each node that an entry names and for all
 * others. Nomad knows nothing of the ledger, and gives such a port to the next allocation that asks for any.
 */
export function reservedPorts({ entries, groups }: Ledger, dynamic: PortRange): readonly ReservedPorts[] {
  const inside = (ranges: readonly PortRange[]) =>
    joinRanges(ranges.map((ports) => intersection(ports, dynamic)).filter((ports) => ports !== undefined))
      .map(formatRange)
      .join(",");
  const onNode = (node: string | undefined) =>
    inside([...groups, ...entries.filter((entry) => isOnNode(entry, node))].map(({ ports }) => ports));
  const everywhere = onNode(undefined);
  const named = new Set(entries.flatMap(({ nodes = [] }) => nodes));
  return [
    ...[...named]
      .map((node) => ({ node, reservedPorts: onNode(node) }))
      .filter((line) => line.reservedPorts !== everywhere),
    ...(everywhere === "" ? [] : [{ node: undefined, reservedPorts: everywhere }]),
  ];
}
