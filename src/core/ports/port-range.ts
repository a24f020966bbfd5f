/** An inclusive range of ports. */
export interface PortRange {
  readonly first: number;
  readonly last: number;
}

export function isWithin(port: number, { first, last }: PortRange): boolean {
  return port >= first && port <= last;
}

/** Do all ports of the inner range lie within the outer one? */
export function isWithinRange(outer: PortRange, inner: PortRange): boolean {
  return inner.first >= outer.first && inner.last <= outer.last;
}

/** The ports that both have; undefined where there are none. */
export function intersection(one: PortRange, other: PortRange): PortRange | undefined {
  const first = Math.max(one.first, other.first);
  const last = Math.min(one.last, other.last);
  return first <= last ? { first, last } : undefined;
}

/** `53`, or `20160-20169`: as the settings, the ledger, Nomad and nftables write it. */
export function formatRange({ first, last }: PortRange): string {
  return first === last ? String(first) : `${first}-${last}`;
}

/** The same ports in as few ranges as possible, in ascending order. */
export function joinRanges(ranges: readonly PortRange[]): readonly PortRange[] {
  const joined: PortRange[] = [];
  for (const range of ranges.toSorted((a, b) => a.first - b.first)) {
    const before = joined.at(-1);
    if (before === undefined || range.first > before.last + 1) joined.push(range);
    else joined[joined.length - 1] = { first: before.first, last: Math.max(before.last, range.last) };
  }
  return joined;
}

/** The ranges cut so that no piece is partly inside any of them: each piece is wholly in or out, in ascending order. */
export function cutRanges(ranges: readonly PortRange[]): readonly PortRange[] {
  const starts = new Set(ranges.flatMap(({ first, last }) => [first, last + 1]));
  const ascending = [...starts].toSorted((a, b) => a - b);
  return ascending
    .map((first, position) => ({ first, last: (ascending[position + 1] ?? first) - 1 }))
    .filter(({ first }) => ranges.some((range) => isWithin(first, range)));
}
