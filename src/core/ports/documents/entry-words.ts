import { compareBytes } from "../../../go/byte-order.ts";
import type { LedgerEntry } from "../ledger/ledger.ts";
import { ownerName } from "../ledger/owner.ts";

/** Entries in the order of their ports, whatever the order of the ledger: one more is one line more. */
export function byPort(entries: readonly LedgerEntry[]): readonly LedgerEntry[] {
  return entries.toSorted(
    (one, other) =>
      one.ports.first - other.ports.first ||
      one.ports.last - other.ports.last ||
      compareBytes(protocolsText(one), protocolsText(other)) ||
      compareBytes(ownerName(one), ownerName(other)),
  );
}

/** `tcp`, or `tcp+udp`. */
export function protocolsText({ protocols }: Pick<LedgerEntry, "protocols">): string {
  return protocols.join("+");
}

export function nodesText({ nodes }: LedgerEntry): string {
  return nodes === undefined ? "every node" : nodes.join(", ");
}

/** What its keeper holds for true, in the words of the statuses; empty where the ledger does not say. */
export function declaredStatus({ expected }: LedgerEntry): string {
  if (expected === undefined) return "";
  return expected === "active" ? "Active" : "Reserved";
}
