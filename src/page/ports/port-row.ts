import type { PortsAnswer, PortTableRow } from "../../api/resources/ports.ts";

export type LedgerAnswer = NonNullable<PortsAnswer["ledger"]>;
export type LedgerEntryRow = LedgerAnswer["entries"][number];
export type GroupRow = LedgerAnswer["groups"][number];

/** Ports by number, the first and the last among them. */
export interface Ports {
  readonly first: number;
  readonly last: number;
}

/** A line of the table of ports, as `portolan ports` prints it, with what the ledger says of it. */
export interface PortRow {
  readonly key: string;
  readonly ports: string;
  readonly first: number;
  readonly last: number;
  /** `tcp?` where neither the ledger nor a tag says it. */
  readonly protocol: string;
  /** `*`: every node for which no other line has these ports. */
  readonly node: string;
  readonly owner: string;
  readonly class: PortTableRow["class"];
  readonly status: PortTableRow["status"];
  readonly purpose: string;
  /** What a filter may name besides: services that hold the port, owners that it is declared for, jobs. */
  readonly names: readonly string[];
  readonly exposures: readonly string[];
  readonly links: { readonly consul?: string; readonly nomad?: string };
}

/** The lines of the table. @param entries of the ledger, for purposes and exposures */
export function portRows(ports: readonly PortTableRow[], entries: readonly LedgerEntryRow[]): readonly PortRow[] {
  const byOrigin = new Map(entries.map((entry) => [entry.origin, entry]));
  return ports.map((row) => {
    const declared = row.entries.map((origin) => byOrigin.get(origin)).filter((entry) => entry !== undefined);
    const [one, ...others] = row.instances;
    return {
      key: row.id,
      ...{ ports: row.ports, first: row.first, last: row.last, class: row.class, status: row.status },
      protocol: `${row.protocol}${row.isGuess ? "?" : ""}`,
      node: row.node ?? "*",
      owner: ownerText(row),
      purpose: [...new Set(declared.map(({ purpose }) => purpose))].join("; "),
      names: [...row.holders, ...row.declaredFor, ...row.statics, ...row.instances.flatMap(({ job = [] }) => job)],
      exposures: declared.map(({ exposure }) => exposure),
      links: others.length === 0 ? (one?.links ?? {}) : {},
    };
  });
}

/** The services that are registered there, and the declared owner where that is another one. */
function ownerText({ holders, statics, declaredFor, status, registrations, instances }: PortTableRow): string {
  const more = registrations > instances.length && holders.length >= MOST_HOLDERS ? [MORE] : [];
  const there = [...holders, ...statics, ...more].join(", ");
  // The holder of a port that is Active is its owner, be it by a pattern.
  const missing = (status === "Active" ? [] : declaredFor.filter((owner) => !holders.includes(owner))).join(", ");
  if (there === "" || missing === "") return there + missing;
  return `${there} (declared for ${missing})`;
}

/** So many are told. */
const MOST_HOLDERS = 10;
const MORE = "and others";
