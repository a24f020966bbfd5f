/** What of `after` lies between a beginning and an end that both have in common. */
export function changedRange<Item>(before: readonly Item[], after: readonly Item[]): readonly Item[] {
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before[start] === after[start]) start += 1;
  let tail = 0;
  while (tail < shorter - start && before.at(-1 - tail) === after.at(-1 - tail)) tail += 1;
  return after.slice(start, after.length - tail);
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
