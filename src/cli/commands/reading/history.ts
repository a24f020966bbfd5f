import { ASKED } from "../../../api/client/asked.ts";
import type { DiffAnswer, VersionRow } from "../../../api/resources/history.ts";
import { EXIT_CODES } from "../../../base/errors.ts";
import { type FlagValues, usageError } from "../../command-line/command-line.ts";
import { toSeconds } from "../../text/age.ts";
import { type Colours, coloursFor } from "../../text/colour.ts";
import { diffSummary, shownDiffText } from "../../text/diff-text.ts";
import { fittedTable, widthOf } from "../../text/fitted-table.ts";
import { quoted } from "../../text/quoted.ts";
import { askDaemon, printAnswer } from "./ask-daemon.ts";

/** Does what `historyCommand` says. Resolves to the exit code. */
export async function run(flags: FlagValues, operands: readonly string[]): Promise<number> {
  if (operands.length > 0) {
    await printDiff(flags, { to: versionNumber("history", operands) });
    return EXIT_CODES.ok;
  }
  const answer = await askDaemon(flags, ASKED.history, { chart: flags["chart"] });
  printAnswer(flags, answer, () => historyText(answer.versions, widthOf(process.stdout)));
  if (answer.versions.length === 0) process.stderr.write("no version is kept yet\n");
  return EXIT_CODES.ok;
}

/** The number that is the only operand. Throws AppError (exit code 64) for another word, and for several. */
export function versionNumber(command: string, operands: readonly string[]): number {
  const [word = "", ...more] = operands;
  if (/^[1-9]\d{0,9}$/.test(word) && more.length === 0) return Number(word);
  throw usageError(`${command}: ${quoted(operands.join(" "))} is not the number of a version; give one, as in 12`);
}

/** Prints what differs between two versions. @param versions the default of `from` is the version before */
export async function printDiff(
  flags: FlagValues,
  versions: { readonly to: number; readonly from?: "current" },
): Promise<void> {
  const answer = await askDaemon(flags, ASKED.diff, { ...versions, chart: flags["chart"] });
  printAnswer(flags, answer, () => historyDiffText(answer, coloursFor(process.stdout, process.env)));
}

/** The list of versions. */
export function historyText(versions: readonly VersionRow[], width: number | undefined): string {
  if (versions.length === 0) return "";
  const hasCharts = versions.some(({ chart }) => chart !== versions[0]?.chart);
  const rows = versions.map(({ chart, number, publishedAt, hash, changes, isRolledBackTo }) => [
    ...(hasCharts ? [chart] : []),
    isRolledBackTo ? `${number} (in force)` : String(number),
    toSeconds(publishedAt),
    hash,
    changes,
  ]);
  return fittedTable(
    [...(hasCharts ? ["CHART"] : []), "VERSION", "PUBLISHED", "HASH", "CHANGES"],
    rows,
    width,
    "VERSION",
  );
}

/** A diff with what is compared before it, and its sum behind it. */
export function historyDiffText(diff: DiffAnswer, colours: Colours): string {
  const from = diff.from === "current" ? "the chart in force" : `version ${diff.from}`;
  const text = shownDiffText(diff, { colours });
  return `${colours.strong(`from ${from} to version ${diff.to}: ${diffSummary(diff)}`)}\n${text === "" ? "" : `\n${text}`}`;
}
