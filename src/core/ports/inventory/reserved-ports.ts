import { type ClientPorts, isReserved } from "../dynamic-range.ts";
import { isOnNode, type Ledger } from "../ledger/ledger.ts";
import { formatRange, intersection, joinRanges, type PortRange } from "../port-range.ts";

/** What a Nomad client must be configured with, so that it hands none of these ports out. */
export interface ReservedPorts {
  /** Undefined: every node but those of `besides`. */
  readonly node: string | undefined;
  /** Nodes for which something else is right, configured or not. */
  readonly besides: readonly string[];
  /** As `client { reserved { reserved_ports = "…" } }` takes it. */
  readonly reservedPorts: string;
}

/**
 * The declared ports and groups that lie inside Nomad's dynamic range, for each node that an entry names and for all
 * others. Nomad knows nothing of the ledger, and gives such a port to the next allocation that asks for any. What all
 * clients that a line speaks of are configured with already is left out.
 *
 * @param clients of Nomad, as far as it was asked; they bear the names of the ledger's nodes
 */
export function reservedPorts(
  { entries, groups }: Ledger,
  dynamic: PortRange,
  clients: readonly ClientPorts[] = [],
): readonly ReservedPorts[] {
  const inside = (ranges: readonly PortRange[]) =>
    joinRanges(ranges.map((ports) => intersection(ports, dynamic)).filter((ports) => ports !== undefined));
  const onNode = (node: string | undefined) =>
    inside([...groups, ...entries.filter((entry) => isOnNode(entry, node))].map(({ ports }) => ports));
  const everywhere = onNode(undefined);
  const named = [...new Set(entries.flatMap(({ nodes = [] }) => nodes))];
  const besides = named.filter((node) => written(onNode(node)) !== written(everywhere));
  const isTold = (ports: readonly PortRange[], concerned: readonly ClientPorts[]) =>
    ports.length === 0 || (concerned.length > 0 && concerned.every((client) => isReserved(ports, client)));
  const lines = [
    ...besides.map((node) => ({ node, besides: [], ports: onNode(node) })),
    { node: undefined, besides, ports: everywhere },
  ];
  return lines
    .filter(({ node, ports }) => {
      const concerned = clients.filter((client) =>
        node === undefined ? !besides.includes(client.node) : client.node === node,
      );
      return !isTold(ports, concerned);
    })
    .map(({ ports, ...line }) => ({ ...line, reservedPorts: written(ports) }));
}

/** Whose configuration a line is for: `node-1`, `every node but node-1`. */
export function nodesOfLine({ node, besides }: ReservedPorts): string {
  return node ?? (besides.length === 0 ? "every node" : `every node but ${besides.join(", ")}`);
}

/** What the configuration of these Nomad clients must say. */
export function clientBlock({ reservedPorts: ports }: ReservedPorts): string {
  return `client { reserved { reserved_ports = "${ports}" } }`;
}

function written(ranges: readonly PortRange[]): string {
  return ranges.map(formatRange).join(",");
}
