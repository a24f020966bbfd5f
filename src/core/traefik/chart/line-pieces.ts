import { changedNames } from "./changed-names.ts";

/** The lines of some entries whose names follow each other. */
interface Piece {
  /** Sorted by code unit, never empty. */
  readonly names: readonly string[];
  readonly text: string;
}

/** The lines of a map's entries in the order of their names, in pieces. */
export interface LinePieces<Entry> {
  readonly entries: ReadonlyMap<string, Entry>;
  readonly pieces: readonly Piece[];
}

/** Few enough lines to be joined again for one of them, enough that joining all pieces is nothing but copying. */
const LINES = 64;

/**
 * The lines of all entries. Pieces without a changed entry are those of `before`: how lines are spread over pieces
 * depends on the past, what they come to does not.
 */
export function renderLines<Entry>(
  entries: ReadonlyMap<string, Entry>,
  lineOf: (name: string, entry: Entry) => string,
  before: LinePieces<Entry> = { entries: new Map(), pieces: [] },
): LinePieces<Entry> {
  const changed = [...changedNames(before.entries, entries)].sort();
  if (changed.length === 0) return { entries, pieces: before.pieces };
  const pieces: Piece[] = [];
  let next = 0;
  // Each piece answers for the names up to the first one of its successor, the last one for all that follow.
  for (const [position, piece] of before.pieces.entries()) {
    const end = before.pieces[position + 1]?.names[0];
    const first = next;
    while (next < changed.length && (end === undefined || (changed[next] ?? "") < end)) next += 1;
    if (next === first) pieces.push(piece);
    else pieces.push(...cut(mergeNames(piece.names, changed.slice(first, next))));
  }
  if (before.pieces.length === 0) pieces.push(...cut(changed));
  return { entries, pieces };

  function* cut(names: readonly string[]): Generator<Piece> {
    const present = names.filter((name) => entries.has(name));
    const size = present.length <= 2 * LINES ? 2 * LINES : LINES;
    for (let start = 0; start < present.length; start += size) yield pieceOf(present.slice(start, start + size));
  }

  function pieceOf(names: readonly string[]): Piece {
    const lines: string[] = [];
    for (const name of names) {
      const entry = entries.get(name);
      if (entry !== undefined) lines.push(lineOf(name, entry));
    }
    return { names, text: lines.join(",\n") };
  }
}

function mergeNames(known: readonly string[], changed: readonly string[]): readonly string[] {
  return [...new Set([...known, ...changed])].sort();
}
