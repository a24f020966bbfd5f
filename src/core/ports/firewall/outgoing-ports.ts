import { isOnNode, type Ledger } from "../ledger/ledger.ts";
import { formatRange, intersection, joinRanges, type PortRange } from "../port-range.ts";

/** What a user's process may take; below it the kernel takes none for itself. */
const UNPRIVILEGED: PortRange = { first: 1024, last: 65_535 };

/**
 * The ports of a node that its kernel must not take as the near ends of outgoing connections, or what they are for cannot listen there:
 * those that the ledger declares or groups, and the dynamic range, as `net.ipv4.ip_local_reserved_ports` takes them. Which
 * range the kernel takes from (32768-60999 where nothing is set) need not be known: outside of it the line changes nothing.
 */
export function portsNotForOutgoing({ entries, groups }: Ledger, dynamic: PortRange, node: string | undefined): string {
  const own = [...groups, ...entries.filter((entry) => isOnNode(entry, node))].map(({ ports }) => ports);
  const ranges = [...own, dynamic].map((ports) => intersection(ports, UNPRIVILEGED)).filter((one) => one !== undefined);
  return joinRanges(ranges).map(formatRange).join(",");
}
