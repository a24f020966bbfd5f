import type { PortTableRow } from "../../../src/api/resources/ports.ts";
import { type GroupRow, type LedgerEntryRow, type PortRow, portRows } from "../../../src/page/ports/port-row.ts";

/** A row of the answer, other than stated. */
export function portAnswer(port: number, overrides: Partial<PortTableRow> = {}): PortTableRow {
  const { node = "node-1", protocol = "tcp", last = port } = overrides;
  return {
    id: `${port}/${protocol} ${node}`,
    ports: last === port ? String(port) : `${port}-${last}`,
    ...{ first: port, last, protocol, isGuess: false, node, class: "dynamic", status: "Scheduled" },
    ...{ registrations: 1, holders: ["web"], instances: [], declaredFor: [], entries: [], statics: [] },
    ...overrides,
  };
}

export function entryAnswer(overrides: Partial<LedgerEntryRow> = {}): LedgerEntryRow {
  return {
    ...{
      origin: "ledger.yml: ports.0",
      ports: "53",
      first: 53,
      last: 53,
      protocols: ["tcp", "udp"],
      owner: "powerdns",
    },
    ...{ exposure: "internal", nodes: ["dns-1"], scope: "node", purpose: "DNS", expected: null, status: "Active" },
    ...{ others: [], accessUrls: [], remarks: [] },
    ...overrides,
  };
}

export function groupAnswer(overrides: Partial<GroupRow> = {}): GroupRow {
  return {
    ...{ name: "core", ports: "30800-30899", first: 30_800, last: 30_899, spacing: 10, scope: "node" },
    ...{ purpose: "what users call", nextFree: 30_820, isCrowded: false },
    ...overrides,
  };
}

/** Rows of the table, one for each port. */
export function rowsAt(ports: readonly number[], overrides: Partial<PortTableRow> = {}): readonly PortRow[] {
  return portRows(
    ports.map((port) => portAnswer(port, overrides)),
    [],
  );
}
