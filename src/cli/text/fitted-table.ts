import { printable } from "../../base/printable.ts";

/** No column becomes narrower than this for another's sake. */
const LEAST_WIDTH = 8;
const GAP = 2;

/**
 * Columns as text, as `textTable`, in lines of at most `width` characters: columns that hold nothing are left out, the widest
 * give way, and what does not fit into a cell is cut with `…`. Without a width nothing is cut.
 *
 * @param kept the head of the column whose cells are never cut, since readers copy them: one that does not fit has a line of
 * its own, before the others of its row
 */
export function fittedTable(
  heads: readonly string[],
  rows: readonly (readonly string[])[],
  width: number | undefined,
  kept?: string,
): string {
  const lines = [heads, ...rows].map((cells) => cells.map(printable));
  const natural = heads.map((_, column) =>
    lines.reduce((most, cells) => Math.max(most, widthOfText(cells[column] ?? "")), 0),
  );
  if (width === undefined) return tableText(lines, natural, undefined);
  const isTooWide = sumOf(natural) + GAP * (heads.length - 1) > width;
  const shown = heads.map((_, column) => column).filter((column) => !isTooWide || !isEmpty(lines, column));
  const keptAt = shown.findIndex((column) => heads[column] === kept);
  return tableText(
    lines.map((cells) => shown.map((column) => cells[column] ?? "")),
    narrowed(
      shown.map((column) => natural[column] ?? 0),
      width - GAP * (shown.length - 1),
      keptAt,
    ),
    keptAt,
  );
}

/** Has the column no cell with anything in it? The first line is the heads. */
function isEmpty([, ...rows]: readonly (readonly string[])[], column: number): boolean {
  return rows.length > 0 && rows.every((cells) => (cells[column] ?? "") === "");
}

function tableText(lines: readonly (readonly string[])[], widths: readonly number[], kept: number | undefined): string {
  const last = widths.length - 1;
  return lines
    .flatMap((cells) => {
      const whole = kept === undefined ? "" : (cells[kept] ?? "");
      const isAlone = kept !== undefined && widthOfText(whole) > (widths[kept] ?? 0);
      const parts = cells.map((cell, column) =>
        cutTo(isAlone && column === kept ? "" : cell, widths[column] ?? widthOfText(cell), column === last),
      );
      return [...(isAlone ? [whole] : []), parts.join(" ".repeat(GAP)).trimEnd()];
    })
    .map((line) => `${line}\n`)
    .join("");
}

/**
 * The widths that fit: every column that is wider than the common bound gets the bound, but for the one that is kept, as long
 * as there is room for it beside the others at their narrowest.
 */
function narrowed(natural: readonly number[], room: number, kept: number): readonly number[] {
  const narrowest = natural.map((own) => Math.min(own, LEAST_WIDTH));
  const beside = room - sumOf(narrowest.filter((_, column) => column !== kept));
  const least = (column: number) => (column === kept && (natural[kept] ?? 0) <= beside ? beside : LEAST_WIDTH);
  const widthAt = (bound: number, column: number) => Math.min(natural[column] ?? 0, Math.max(bound, least(column)));
  const sum = (bound: number) => sumOf(natural.map((_, column) => widthAt(bound, column)));
  let bound = Math.max(...natural, LEAST_WIDTH);
  while (bound > LEAST_WIDTH && sum(bound) > room) bound -= 1;
  // What the last step of the bound has left over goes to the columns that were cut.
  let left = room - sum(bound);
  return natural.map((own, column) => {
    const given = widthAt(bound, column);
    const more = Math.max(0, Math.min(left, own - given));
    left -= more;
    return given + more;
  });
}

function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, one) => sum + one, 0);
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
