import { memoize } from "./memoize.ts";

/** Where two lists differ: what lies between a beginning and an end that both have in common. */
export interface ChangedRange {
  readonly start: number;
  /** The position after the last one that differs, in the list before. */
  readonly endBefore: number;
  /** The same in the list after. */
  readonly endAfter: number;
}

/** Lists of thousands are compared by many stages of a pass, and nearly all of them compare the same two. */
const MANY_ITEMS = 256;

/** Of a list: what stands for it without keeping it alive. */
const markOf = memoize((_: readonly unknown[]): object => ({}));

/** Of a list: the one that it was last compared with, and what that came to. */
const lastComparison = memoize((_: readonly unknown[]): { before?: object; range?: ChangedRange } => ({}));

/** Compares items by identity alone: thousands cost some microseconds, and nothing a second time. Neither list may change after that. */
export function rangeBetween<Item>(before: readonly Item[], after: readonly Item[]): ChangedRange {
  if (before.length < MANY_ITEMS || after.length < MANY_ITEMS) return compare(before, after);
  const known = lastComparison(after);
  const mark = markOf(before);
  if (known.range === undefined || known.before !== mark) {
    known.before = mark;
    known.range = compare(before, after);
  }
  return known.range;
}

function compare<Item>(before: readonly Item[], after: readonly Item[]): ChangedRange {
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
  const { start, endBefore, endAfter } = rangeBetween(before, after);
  // At the start thousands come and none goes.
  if (endBefore === start) return [];
  const there = new Set(after.slice(start, endAfter).map(keyOf));
  return before.slice(start, endBefore).filter((item) => !there.has(keyOf(item)));
}
