import { printable } from "../../base/printable.ts";

/** No column becomes narrower than this for another's sake. */
const LEAST_WIDTH = 8;
const GAP = 2;

/**
 * Columns as text, as `textTable`, in lines of at most `width` characters: the widest columns give way, and what does not fit
 * into a cell is cut with `…`. Without a width nothing is cut.
 */
export function fittedTable(
  heads: readonly string[],
  rows: readonly (readonly string[])[],
  width: number | undefined,
): string {
  const lines = [heads, ...rows].map((cells) => cells.map(printable));
  const natural = heads.map((_, column) =>
    lines.reduce((most, cells) => Math.max(most, widthOfText(cells[column] ?? "")), 0),
  );
  const widths = width === undefined ? natural : narrowed(natural, width - GAP * (heads.length - 1));
  const last = heads.length - 1;
  return lines
    .map((cells) => {
      const parts = cells.map((cell, column) => cutTo(cell, widths[column] ?? widthOfText(cell), column === last));
      return `${parts.join(" ".repeat(GAP)).trimEnd()}\n`;
    })
    .join("");
}

/** The widths that fit: every column that is wider than the common bound gets the bound. */
function narrowed(natural: readonly number[], room: number): readonly number[] {
  let bound = Math.max(...natural, LEAST_WIDTH);
  const sum = (most: number) => natural.reduce((all, one) => all + Math.min(one, most), 0);
  while (bound > LEAST_WIDTH && sum(bound) > room) bound -= 1;
  // What the last step of the bound has left over goes to the columns that were cut.
  let left = room - sum(bound);
  return natural.map((one) => {
    if (one <= bound) return one;
    const more = Math.max(0, Math.min(left, one - bound));
    left -= more;
    return bound + more;
  });
}

function cutTo(cell: string, width: number, isLast: boolean): string {
  const own = widthOfText(cell);
  if (own > width) return `${[...cell].slice(0, Math.max(0, width - 1)).join("")}…`;
  return isLast ? cell : cell + " ".repeat(width - own);
}

/** Characters, where a pair of surrogates is one. Most texts have none, and tables have tens of thousands of cells. */
function widthOfText(text: string): number {
  return /[\ud800-\udfff]/.test(text) ? [...text].length : text.length;
}

/** How wide a line may be where the text goes; undefined where that is no terminal, so that nothing is cut for a pipe. */
export function widthOf(stream: { readonly isTTY?: boolean; readonly columns?: number }): number | undefined {
  return stream.isTTY === true && stream.columns !== undefined && stream.columns > 0 ? stream.columns : undefined;
}
