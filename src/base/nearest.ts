/** Longest word that is compared: no field has a longer name, and a hostile tag must not cost time. */
const MAX_LENGTH = 40;

/** The candidate that the word probably stands for: fewer edits away than a third of its letters and one; undefined for none. */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  if (word.length > MAX_LENGTH) return;
  let best: string | undefined;
  let bestDistance = Math.floor(word.length / 3) + 1;
  const wanted = word.toLowerCase();
  for (const candidate of candidates) {
    // No fewer edits than letters too many or too few: of thousands of names few are compared letter by letter.
    if (Math.abs(candidate.length - word.length) >= bestDistance) continue;
    const distance = editDistance(wanted, candidate.toLowerCase(), bestDistance);
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/**
 * Letters to insert, delete, replace, or swap with their neighbour: `ruel` is one step from `rule`.
 *
 * @param enough from here on the distance need not be exact
 */
function editDistance(a: string, b: string, enough: number): number {
  let before: readonly number[] = [];
  let row: readonly number[] = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swapped = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? (before[j - 2] ?? 0) + 1 : replaced;
      next.push(Math.min(replaced, swapped, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    // A swap looks two rows back; where both are beyond it, nothing comes back below.
    if (Math.min(...row) >= enough && Math.min(...next) >= enough) return enough;
    before = row;
    row = next;
  }
  return row[b.length] ?? 0;
}
