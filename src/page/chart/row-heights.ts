import { type ChartRow, serverLines } from "./chart-rows.ts";

/** Heights in pixels, as page.css draws them: `--line`, `--row-space` and `--host-row`. */
const LINE = 22;
const SPACE = 11;
const HOST_ROW = 38;
/** On a narrow screen what stands beside the servers stands above them. */
const NARROW_LINES = 2;

export function rowHeight(row: ChartRow, isNarrow: boolean): number {
  if (row.kind === "host") return HOST_ROW;
  return (serverLines(row.route) + (isNarrow ? NARROW_LINES : 0)) * LINE + SPACE;
}
