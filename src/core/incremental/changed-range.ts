/** Where two lists differ: what lies between a beginning and an end that both have in common. */
export interface ChangedRange {
  readonly start: number;
  /** The position after the last one that differs, in the list before. */
  readonly endBefore: number;
  /** The same in the list after. */
  readonly endAfter: number;
}

/** Compares items by identity alone: thousands cost some microseconds. */
export function rangeBetween<Item>(before: readonly Item[], after: readonly Item[]): ChangedRange {
  let [endBefore, endAfter] = [before.length, after.length];
  const shorter = Math.min(endBefore, endAfter);
  let start = 0;
  while (start < shorter && before[start] === after[start]) start += 1;
  while (endBefore > start && endAfter > start && before[endBefore - 1] === after[endAfter - 1]) {
    endBefore -= 1;
    endAfter -= 1;
  }
  return { start, endBefore, endAfter };
}

/** What of `after` lies between a beginning and an end that both have in common. */
export function changedRange<Item>(before: readonly Item[], after: readonly Item[]): readonly Item[] {
  const { start, endAfter } = rangeBetween(before, after);
  return after.slice(start, endAfter);
}

/** The items of `before` of which `after` has none by the same key. */
export function goneSince<Item>(
  before: readonly Item[],
  after: readonly Item[],
  keyOf: (item: Item) => string,
): readonly Item[] {
  const changed = changedRange(after, before);
  // At the start thousands come and none goes.
  if (changed.length === 0) return changed;
  const there = new Set(changedRange(before, after).map(keyOf));
  return changed.filter((item) => !there.has(keyOf(item)));
}
