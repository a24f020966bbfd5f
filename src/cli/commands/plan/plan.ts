import { dryPass } from "../../../app/dry-pass/dry-pass.ts";
import { unreadText } from "../../../app/dry-pass/read-inputs-once.ts";
import { AppError, EXIT_CODES } from "../../../base/errors.ts";
import { printableLines } from "../../../base/printable.ts";
import { type TriedSettings, triedSettings } from "../../../config/tried-settings.ts";
import { TRAEFIK_VERSIONS } from "../../../core/traefik/chart/dynamic-config.ts";
import type { Command, FlagValues } from "../../command-line/command-line.ts";
import { SETTINGS_FLAGS } from "../../command-line/flags.ts";
import { coloursFor } from "../../text/colour.ts";
import { planJson } from "./plan-json.ts";
import { planText } from "./plan-text.ts";
import { isChange, plannedChart } from "./planned-chart.ts";

/** As terraform's `plan -detailed-exitcode`. */
const EXITS = { noChange: EXIT_CODES.ok, error: EXIT_CODES.failure, changes: EXIT_CODES.changes } as const;

const OF_THE_LISTENER = ["listen", "log-level", "log-format"];

export const planCommand: Command = {
  name: "plan",
  summary: "say what a pass would change in the chart, and change nothing",
  help: [
    "Reads catalog, chart and stored state, decides as the running portolan would, and prints by router what would change,",
    "and what guards would hold. Writes nothing, takes no lock, needs only to read. What --settings, --policy, --ledger and",
    "--traefik-version name is tried in place of what is in force (PORTOLAN_SETTINGS, or the default path), as SIGHUP would",
    "bring it. What only the process remembers counts from now: how long an instance has been critical, what flaps, when a",
    "hold began.",
  ].join("\n"),
  flags: [
    ...SETTINGS_FLAGS.filter(({ name }) => !OF_THE_LISTENER.includes(name)),
    { name: "policy", value: "FILE", help: "try this policy" },
    { name: "ledger", value: "FILE", help: "try this ledger of ports" },
    { name: "traefik-version", value: "VERSION", values: TRAEFIK_VERSIONS, help: "try this version of Traefik" },
    { name: "json", help: "print JSON for machines" },
  ],
  exitCodes: {
    0: "no change",
    1: "an error: bad settings, a catalog that does not answer, a file that may not be read",
    2: "something would change, now or when a hold ends",
  },
  async run(flags) {
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
  },
};

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
