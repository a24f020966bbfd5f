/** What of `after` lies between a beginning and an end that both have in common. */
export function changedRange<Item>(before: readonly Item[], after: readonly Item[]): readonly Item[] {
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before[start] === after[start]) start += 1;
  let tail = 0;
  while (tail < shorter - start && before.at(-1 - tail) === after.at(-1 - tail)) tail += 1;
  return after.slice(start, after.length - tail);
}
