import type { VersionRow } from "../../api/resources/history.ts";
import { shellWord } from "../../core/diagnostics/shell-word.ts";

/** The order that publishes a version again. */
export function rollbackCommand({ number, chart }: Pick<VersionRow, "number" | "chart">): string {
  return `portolan rollback ${number}${chartFlag(chart)}`;
}

/** What a rollback to it would change now; it changes nothing. */
export function rollbackDiffCommand({ number, chart }: Pick<VersionRow, "number" | "chart">): string {
  return `portolan rollback ${number} --diff${chartFlag(chart)}`;
}

/** All that changed with a version. */
export function historyCommand({ number, chart }: Pick<VersionRow, "number" | "chart">): string {
  return `portolan history ${number}${chartFlag(chart)}`;
}

function chartFlag(chart: string): string {
  if (chart === "main") return "";
  return ` --chart ${shellWord(chart)}`;
}

/** Is it the oldest that is kept of its chart, so that what changed with it is not known? */
export function isOldest(version: VersionRow, versions: readonly VersionRow[]): boolean {
  return !versions.some(({ chart, number }) => chart === version.chart && number < version.number);
}

/** How a kept version stands: in force now, by a rollback or as the newest, or one of before. */
export function versionState(
  version: VersionRow,
  versions: readonly VersionRow[],
): "in force since a rollback" | "in force" | "withheld by a rollback" | "earlier" {
  if (version.isRolledBackTo) return "in force since a rollback";
  const ofChart = versions.filter(({ chart }) => chart === version.chart);
  const newest = Math.max(...ofChart.map(({ number }) => number));
  const pinned = ofChart.find(({ isRolledBackTo }) => isRolledBackTo);
  if (pinned !== undefined) return version.number > pinned.number ? "withheld by a rollback" : "earlier";
  return version.number === newest ? "in force" : "earlier";
}
