import { ASKED } from "../../../api/client/asked.ts";
import type { DiagnosticRow } from "../../../api/resources/diagnostics.ts";
import { count } from "../../../base/count.ts";
import { EXIT_CODES } from "../../../base/errors.ts";
import { printable } from "../../../base/printable.ts";
import type { FlagValues } from "../../command-line/command-line.ts";
import { type Colours, coloursFor, severityColour } from "../../text/colour.ts";
import { wrapped } from "../../text/explain/wrapped.ts";
import { widthOf } from "../../text/fitted-table.ts";
import { askDaemon, printAnswer, queryFrom } from "./ask-daemon.ts";

/** More are not read; with --json all that one answer can have are printed. */
const MOST_SHOWN = 100;
const MOST_AT_ONCE = 5_000;

/** Does what `diagnosticsCommand` says. Resolves to the exit code. */
export async function run(flags: FlagValues): Promise<number> {
  const query = queryFrom(flags, ["code", "service", "severity", "chart"]);
  const limit = flags["json"] === undefined ? MOST_SHOWN : MOST_AT_ONCE;
  const { diagnostics, total } = await askDaemon(flags, ASKED.diagnostics, { ...query, limit });
  printAnswer(flags, { diagnostics, total }, () =>
    diagnosticsText(diagnostics, coloursFor(process.stdout, process.env), widthOf(process.stdout)),
  );
  if (total === 0) process.stderr.write("nothing is wrong\n");
  const more = total - diagnostics.length;
  if (more > 0) {
    process.stderr.write(`${count(more, "more diagnostic")}; name a --code, --service or --severity\n`);
  }
  return EXIT_CODES.ok;
}

/** A block of lines for each: what, where, why, and the remedy. @param width of the terminal; without one each is one line */
export function diagnosticsText(
  diagnostics: readonly DiagnosticRow[],
  colours: Colours,
  width = Number.POSITIVE_INFINITY,
): string {
  const charts = new Set(diagnostics.map(({ chart }) => chart));
  return diagnostics
    .flatMap(({ chart, code, severity, subject, message, remedy }) => {
      const colour = severityColour(colours, severity);
      const where = `${subjectText(subject)}${charts.size > 1 ? `, chart ${chart}` : ""}`;
      const head = `${severity} ${printable(code)}`;
      const [first = "", ...more] = wrapped(`${head}  `, where, width);
      return [
        colour(head) + first.slice(head.length),
        ...more,
        // Whole, to be copied.
        ...(subject["tag"] === undefined ? [] : [`  ${colours.faint(`tag ${printable(String(subject["tag"]))}`)}`]),
        ...wrapped("  ", message, width),
        ...wrapped("  → ", remedy, width),
      ];
    })
    .map((line) => `${line}\n`)
    .join("");
}

function subjectText({ origin, catalog, service, instance, node }: DiagnosticRow["subject"]): string {
  if (typeof origin === "string") return origin;
  const named = typeof catalog === "string" ? `${catalog}:${service}` : service;
  return `${named}${instance === "" ? "" : `, instance ${instance}`}${node === "" ? "" : ` on ${node}`}`;
}
