import { dryPass } from "../../../app/dry-pass/dry-pass.ts";
import { unreadText } from "../../../app/dry-pass/read-inputs-once.ts";
import { AppError, EXIT_CODES } from "../../../base/errors.ts";
import { printableLines } from "../../../base/printable.ts";
import { type TriedSettings, triedSettings } from "../../../config/tried-settings.ts";
import type { FlagValues } from "../../command-line/command-line.ts";
import { coloursFor } from "../../text/colour.ts";
import { planJson } from "./plan-json.ts";
import { planText } from "./plan-text.ts";
import { isChange, plannedChart } from "./planned-chart.ts";

/** As terraform's `plan -detailed-exitcode`. */
const EXITS = { noChange: EXIT_CODES.ok, error: EXIT_CODES.failure, changes: EXIT_CODES.changes } as const;

/** Does what `planCommand` says. Resolves to the exit code. */
export async function run(flags: FlagValues): Promise<number> {
  try {
    return await plan(flags);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const remedy = error.code === "E_OUTPUT_DENIED" ? "; to look at it, run plan as portolan's user" : "";
    throw new AppError(`${error.message}${remedy}`, {
      code: error.code,
      retryable: error.retryable,
      exitCode: EXITS.error,
    });
  }
}

async function plan(flags: FlagValues): Promise<number> {
  const settings = await triedSettings(flags, process.env);
  const { pass, charts } = await decided(settings);
  const { tried, afterRestart } = settings;
  const warnings = [
    ...((settings.next ?? settings.present).warnings ?? []),
    ...(afterRestart.length === 0
      ? []
      : [`${afterRestart.join(", ")} count after a restart, not by SIGHUP: planned as for one`]),
    ...pass.unread.map(unreadText),
    ...pass.notes,
  ];
  process.stderr.write(warnings.map((line) => `portolan: ${printableLines(line)}\n`).join(""));
  const text =
    flags["json"] === undefined
      ? planText(charts, { colours: coloursFor(process.stdout, process.env), tried })
      : printableLines(`${JSON.stringify(planJson(charts, { ...pass, notes: warnings }, tried), undefined, 2)}\n`);
  process.stdout.write(text);
  return charts.some(isChange) ? EXITS.changes : EXITS.noChange;
}

/** What needs a restart is decided as after one, and compared with what is in force. */
async function decided({ present, next, afterRestart }: TriedSettings) {
  if (next === undefined || afterRestart.length === 0) {
    const pass = await dryPass(present, next === undefined ? {} : { next });
    return { pass, charts: pass.edges.map(plannedChart) };
  }
  const before = await dryPass(present);
  const after = await dryPass(next);
  const charts = after.edges.map((edge) => {
    const known = before.edges.find(({ name }) => name === edge.name)?.present;
    return plannedChart(known === undefined ? edge : { ...edge, present: known, next: edge.present });
  });
  return { pass: after, charts };
}
