import type { Figure } from "./figures.ts";
import type { Options } from "./options.ts";
import type { Place, Result } from "./results.ts";
import { judge } from "./targets.ts";

/** For machines: one figure a line. */
export function jsonLines(figures: readonly Figure[], options: Options, where: Place): string {
  const { peers: _, maxSeconds: __, ...run } = options;
  return figures
    .map((figure): Result => ({ ...figure, ...run, ...where }))
    .map((line) => `${JSON.stringify(line)}\n`)
    .join("");
}

const COLUMNS = ["change", "metric", "peer", "p50", "p95", "max", "mean", "n", "unit", "target"] as const;

/** For people: figures of the same change and metric stand together, so that the peers can be compared. */
export function table(figures: readonly Figure[], options: Options): string {
  const sorted = figures.toSorted((a, b) => rank(figures, a) - rank(figures, b));
  const rows = sorted.map((figure) => {
    const verdict = judge(figure, figures, options);
    return COLUMNS.map((column) => (column === "target" ? (verdict?.text ?? "") : String(figure[column])));
  });
  const lines = [[...COLUMNS], ...rows];
  const widths = COLUMNS.map((_, column) => Math.max(...lines.map((line) => line[column]!.length)));
  return lines
    .map((line) =>
      line
        .map((cell, column) => pad(cell, column, widths[column]!))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

function pad(cell: string, column: number, width: number): string {
  const isNumber = column >= COLUMNS.indexOf("p50") && column <= COLUMNS.indexOf("n");
  return isNumber ? cell.padStart(width) : cell.padEnd(width);
}

/** The place of the first figure of the same change and metric. */
function rank(figures: readonly Figure[], { change, metric }: Figure): number {
  return figures.findIndex((figure) => figure.change === change && figure.metric === metric);
}
