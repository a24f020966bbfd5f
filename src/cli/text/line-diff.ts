/** A line that one of two texts has and the other has not. */
export interface LineChange {
  readonly kind: "added" | "removed";
  /** Counted from 1: of a removed line in the first text; of an added one the place there that it belongs before. */
  readonly line: number;
  readonly text: string;
}

/** Beyond so many comparisons two texts count as different in all that lies between their common ends. */
const MOST_COMPARISONS = 4_000_000;

/** What must be removed from the first text and added to it to make the second: as few lines as possible, in order. */
export function lineDiff(before: readonly string[], after: readonly string[]): readonly LineChange[] {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start += 1;
  let end = 0;
  const shorter = Math.min(before.length, after.length) - start;
  while (end < shorter && before.at(-1 - end) === after.at(-1 - end)) end += 1;
  const old = before.slice(start, before.length - end);
  const now = after.slice(start, after.length - end);
  const common = old.length * now.length > MOST_COMPARISONS ? [] : commonLines(old, now);
  const changes: LineChange[] = [];
  let [i, j] = [0, 0];
  for (const [atOld, atNow] of [...common, [old.length, now.length] as const]) {
    for (; i < atOld; i += 1) changes.push({ kind: "removed", line: start + i + 1, text: old[i] ?? "" });
    for (; j < atNow; j += 1) changes.push({ kind: "added", line: start + i + 1, text: now[j] ?? "" });
    [i, j] = [atOld + 1, atNow + 1];
  }
  return changes;
}

/** The places of a longest common subsequence, in order. */
function commonLines(old: readonly string[], now: readonly string[]): readonly (readonly [number, number])[] {
  const width = now.length + 1;
  const lengths = new Uint32Array((old.length + 1) * width);
  const at = (i: number, j: number) => lengths[i * width + j] ?? 0;
  for (let i = old.length - 1; i >= 0; i -= 1) {
    for (let j = now.length - 1; j >= 0; j -= 1) {
      lengths[i * width + j] = old[i] === now[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const common: (readonly [number, number])[] = [];
  let [i, j] = [0, 0];
  while (i < old.length && j < now.length) {
    if (old[i] === now[j]) common.push([i++, j++]);
    else if (at(i + 1, j) >= at(i, j + 1)) i += 1;
    else j += 1;
  }
  return common;
}
