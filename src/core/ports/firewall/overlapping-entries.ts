import { EXPOSURES, isOnNode, type LedgerEntry, type Protocol } from "../ledger/ledger.ts";
import { intersection, type PortRange } from "../port-range.ts";

/** Where two entries of different exposure speak of the same ports: there the stricter one counts alone, as for routes. */
export interface Overlap {
  readonly stricter: LedgerEntry;
  readonly weaker: LedgerEntry;
  readonly ports: PortRange;
  readonly protocols: readonly Protocol[];
  /** Undefined: on every node. */
  readonly nodes: readonly string[] | undefined;
}

/** All of them, in the order of the weaker entries. */
export function overlappingEntries(entries: readonly LedgerEntry[]): readonly Overlap[] {
  return entries.flatMap((weaker) =>
    entries.flatMap((stricter) => (isStricter(stricter, weaker) ? overlap(stricter, weaker) : [])),
  );
}

/** The exposures are in the order of their strictness, from `public` to `never`. */
export function isStricter(one: LedgerEntry, other: LedgerEntry): boolean {
  return strictness(one) > strictness(other);
}

function strictness({ exposure }: LedgerEntry): number {
  return EXPOSURES.indexOf(exposure);
}

/** Of entries that all speak of one place those that count. */
export function strictestEntries(entries: readonly LedgerEntry[]): readonly LedgerEntry[] {
  return entries.filter((entry) => !entries.some((other) => isStricter(other, entry)));
}

function overlap(stricter: LedgerEntry, weaker: LedgerEntry): readonly Overlap[] {
  const ports = intersection(stricter.ports, weaker.ports);
  const protocols = stricter.protocols.filter((protocol) => weaker.protocols.includes(protocol));
  const nodes = stricter.nodes === undefined ? weaker.nodes : stricter.nodes.filter((node) => isOnNode(weaker, node));
  if (ports === undefined || protocols.length === 0 || nodes?.length === 0) return [];
  return [{ stricter, weaker, ports, protocols, nodes }];
}
