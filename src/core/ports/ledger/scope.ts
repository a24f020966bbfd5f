import { isWithin, isWithinRange, type PortRange } from "../port-range.ts";
import { coversAnywhere, type Ledger, type LedgerEntry, type Place, type PortGroup, type PortScope } from "./ledger.ts";

/** Where the ports of an entry are its owner's alone: as it says itself, else the group around all of them, else the ledger. */
export function scopeOfEntry({ scope, ports }: Pick<LedgerEntry, "scope" | "ports">, ledger: Ledger): PortScope {
  return scope ?? scopeOfGroup(groupAround(ports, ledger), ledger);
}

export function scopeOfGroup(group: PortGroup | undefined, { scope }: Ledger): PortScope {
  return group?.scope ?? scope;
}

/**
 * Where a port is one owner's alone: `cluster` if any entry of it says so, or nothing is declared and the group around it, or
 * the ledger for the ports of its range, says so. What the scheduler hands out and no entry or group plans is the node's.
 */
export function scopeAt(place: Omit<Place, "node">, ledger: Ledger, dynamic: PortRange): PortScope {
  const { port } = place;
  const entries = ledger.entries.filter((entry) => coversAnywhere(entry, place));
  if (entries.length > 0)
    return entries.some((entry) => scopeOfEntry(entry, ledger) === "cluster") ? "cluster" : "node";
  const group = groupAround({ first: port, last: port }, ledger);
  if (group !== undefined) return scopeOfGroup(group, ledger);
  const isPlanned = !isWithin(port, dynamic) && (ledger.range === undefined || isWithin(port, ledger.range));
  return isPlanned ? ledger.scope : "node";
}

/** The first group in which all these ports lie. */
function groupAround(ports: PortRange, { groups }: Ledger): PortGroup | undefined {
  return groups.find((group) => isWithinRange(group.ports, ports));
}
