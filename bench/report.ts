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
  return aligned(lines, (column) => column >= COLUMNS.indexOf("p50") && column <= COLUMNS.indexOf("n"));
}

const COMPARED = ["change", "metric", "unit", "before", "now", "ratio"] as const;

/** For people: each figure of both builds, by its p50, and how much the present one has of the earlier one. */
export function comparison(figures: readonly Figure[], revision: string): string {
  const rows = figures
    .filter(({ peer }) => peer === "portolan")
    .flatMap(({ change, metric, unit, p50 }) => {
      const before = figures.find(
        (other) => other.peer === "portolan-before" && other.change === change && other.metric === metric,
      );
      return before === undefined
        ? []
        : [[change, metric, unit, String(before.p50), String(p50), ratio(p50, before.p50)]];
    });
  const heads = COMPARED.map((head) => (head === "before" ? revision : head));
  return aligned([heads, ...rows], (column) => column >= COMPARED.indexOf("before"));
}

function ratio(now: number, before: number): string {
  if (now === before) return "1.00";
  return before === 0 ? "" : (now / before).toFixed(2);
}

function aligned(lines: readonly (readonly string[])[], isNumber: (column: number) => boolean): string {
  const widths = (lines[0] ?? []).map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  const pad = (cell: string, column: number) =>
    isNumber(column) ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0);
  return lines.map((line) => line.map(pad).join("  ").trimEnd()).join("\n");
}

/** The place of the first figure of the same change and metric. */
function rank(figures: readonly Figure[], { change, metric }: Figure): number {
  return figures.findIndex((figure) => figure.change === change && figure.metric === metric);
}
