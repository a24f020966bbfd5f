import type { LedgerEntry } from "../ledger/ledger.ts";
import { ownerName } from "../ledger/owner.ts";
import { formatRange } from "../port-range.ts";
import { type DocumentTable, textRows } from "./document.ts";
import { byPort, declaredStatus, nodesText, protocolsText } from "./entry-words.ts";

interface Column {
  readonly head: string;
  cell(entry: LedgerEntry): string;
  /** Left out where no entry has anything there. */
  readonly isOptional?: true;
}

const PORT: Column = { head: "Port", cell: ({ ports }) => formatRange(ports) };
const SERVICE: Column = { head: "Service", cell: ownerName };
const INTERNAL: Column = {
  head: "Internal port",
  cell: ({ internalPort }) => (internalPort === undefined ? "" : String(internalPort)),
  isOptional: true,
};
const PROTOCOL: Column = { head: "Protocol", cell: protocolsText };
const EXPOSURE: Column = { head: "Exposure", cell: ({ exposure }) => exposure };
const NODES: Column = { head: "Nodes", cell: nodesText };
const PURPOSE: Column = { head: "Purpose", cell: ({ purpose }) => purpose };
const STATUS: Column = { head: "Status", cell: declaredStatus, isOptional: true };

/** Every entry: port, protocol, service, who may reach it, where, why; internal ports and statuses where the ledger has some. */
export function entryTable(entries: readonly LedgerEntry[]): DocumentTable {
  return tableOf(entries, [PORT, PROTOCOL, SERVICE, INTERNAL, EXPOSURE, NODES, PURPOSE, STATUS]);
}

/** Entries of ports that are not in use yet. */
export function futureTable(entries: readonly LedgerEntry[]): DocumentTable {
  return tableOf(entries, [PORT, PROTOCOL, SERVICE, PURPOSE]);
}

/** The entries of one namespace, by service, as a ledger of NodePorts has them. */
export function namespaceTable(entries: readonly LedgerEntry[]): DocumentTable {
  const service: Column = { head: "Service", cell: ({ owners }) => owners.join(", ") };
  return tableOf(entries, [service, INTERNAL, PORT, PROTOCOL, EXPOSURE, PURPOSE, STATUS]);
}

function tableOf(entries: readonly LedgerEntry[], columns: readonly Column[]): DocumentTable {
  const shown = columns.filter(
    ({ cell, isOptional }) => isOptional !== true || entries.some((one) => cell(one) !== ""),
  );
  return textRows(
    shown.map(({ head }) => head),
    byPort(entries).map((entry) => shown.map(({ cell }) => cell(entry))),
  );
}
