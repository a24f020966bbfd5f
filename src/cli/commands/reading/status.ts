import { ASKED } from "../../../api/client/asked.ts";
import type { ChartSummary, SourceSummary, StatusAnswer } from "../../../api/resources/status.ts";
import { age } from "../../../base/age.ts";
import { count } from "../../../base/count.ts";
import { EXIT_CODES } from "../../../base/errors.ts";
import { printable } from "../../../base/printable.ts";
import type { FlagValues } from "../../command-line/command-line.ts";
import { ageOf, toSeconds } from "../../text/age.ts";
import { type Colours, coloursFor, severityColour } from "../../text/colour.ts";
import { wrapped } from "../../text/explain/wrapped.ts";
import { widthOf } from "../../text/fitted-table.ts";
import { askDaemon, printAnswer } from "./ask-daemon.ts";

/** Does what `statusCommand` says. Resolves to the exit code. */
export async function run(flags: FlagValues): Promise<number> {
  const status = await askDaemon(flags, ASKED.status, {});
  printAnswer(flags, status, () =>
    statusText(status, Date.now(), coloursFor(process.stdout, process.env), widthOf(process.stdout)),
  );
  return status.ready ? EXIT_CODES.ok : EXIT_CODES.failure;
}

const LABEL_WIDTH = 10;

/** The screen. @param nowMs milliseconds since the epoch @param width of the terminal, if it is one */
export function statusText(
  status: StatusAnswer,
  nowMs: number,
  colours: Colours,
  width = Number.POSITIVE_INFINITY,
): string {
  const { version, uptimeSeconds, ready, reasons, stateDir, sources, chart, edges, dynamicPorts, serve } = status;
  const head = ready ? colours.added("ready") : colours.removed("not ready");
  const rows = [
    ...sources.flatMap((source, position) => sourceRows(source, position === 0 ? "sources" : "")),
    ...chartRows(chart, edges.length === 0 ? undefined : "main", nowMs, colours),
    ...edges.flatMap((edge) => chartRows(edge.chart, edge.name, nowMs, colours)),
    labelled("ports", `dynamic ${dynamicPorts.ports} (${dynamicPorts.origin})`),
    ...(serve === null ? [] : [labelled("serve", `charts for other machines at ${serve}`)]),
    labelled("state", stateDir),
  ];
  const lines = [
    `${head}  ${colours.faint(printable(`portolan ${version}, up ${age(uptimeSeconds)}`))}`,
    ...reasons.flatMap((reason) => wrapped(ready ? "  " : "  ! ", reason, width)),
    "",
    ...rows.flatMap((row) => (typeof row === "string" ? [row] : wrapped(row.head, row.text, width))),
  ];
  return lines.map((line) => `${line.trimEnd()}\n`).join("");
}

/** A label, or the space of one, with its text, which is wrapped on a terminal; or a line that has its form already. */
type Row = string | { readonly head: string; readonly text: string };

function labelled(label: string, text: string): Row {
  return { head: label.padEnd(LABEL_WIDTH), text };
}

function sourceRows(
  { name, source, ageSeconds, services, strategy, lastError, signs, health }: SourceSummary,
  label: string,
): readonly Row[] {
  const answered = ageSeconds === null ? "not read yet" : `answered ${age(ageSeconds)} ago`;
  const named = name === null ? source : `${name}: ${source}`;
  return [
    labelled(label, `${named}; ${answered}, ${count(services, "service")}, ${strategy}`),
    ...(health === null || health.used === health.wanted ? [] : [labelled("", fallenBack(health))]),
    ...(signs.length === 0 ? [] : [labelled("", `may not show all it has: ${signs.join(", ")}`)]),
    ...(lastError === null ? [] : [labelled("", `${lastError.code}: ${lastError.message}`)]),
  ];
}

function chartRows(chart: ChartSummary, name: string | undefined, nowMs: number, colours: Colours): readonly Row[] {
  const { output, publishedAt, hash, routers, services, middlewares, states, standbyFor, rollback, stateError } = chart;
  const written = publishedAt === null ? "not written since the start" : `written ${ageOf(publishedAt, nowMs)} ago`;
  const others = Object.entries(states).filter(([state, number]) => state !== "live" && number > 0);
  const inStates = others.length === 0 ? "" : ` (${others.map(([state, number]) => `${number} ${state}`).join(", ")})`;
  const parts = [count(routers, "router") + inStates, count(services, "service"), count(middlewares, "middleware")];
  return [
    labelled(
      "chart",
      `${name === undefined ? "" : `${name}: `}${output}; ${written}${hash === null ? "" : `, ${hash}`}`,
    ),
    labelled("", parts.join(", ")),
    ...traefikRows(chart.traefik, nowMs),
    ...(standbyFor === null ? [] : [labelled("", `another portolan writes it: ${standbyFor}`)]),
    ...(stateError === null ? [] : [labelled("", `cannot be stored for a restart: ${stateError.message}`)]),
    ...(rollback === null ? [] : [labelled("rollback", rollbackText(rollback, nowMs))]),
    ...chart.holds.map((hold, position) => labelled(position === 0 ? "held" : "", holdText(hold, nowMs))),
    ...problemLines(chart, colours),
  ];
}

function traefikRows(traefik: ChartSummary["traefik"], nowMs: number): readonly Row[] {
  if (traefik === null) return [labelled("traefik", "not asked: traefik.api is not set")];
  const { version, chart, flaws, readAt, error } = traefik;
  const has = {
    taken: "has the chart",
    waiting: "has time to load the chart",
    behind: "goes on with an earlier chart",
    nothing: "has nothing of the chart",
  };
  const wrong = flaws === 0 ? "" : `, with ${count(flaws, "flaw")}`;
  const asked = readAt === null ? "" : `; asked ${ageOf(readAt, nowMs)} ago`;
  return [
    ...(version === null || chart === null ? [] : [labelled("traefik", `${version} ${has[chart]}${wrong}${asked}`)]),
    ...(error === null ? [] : [labelled(version === null ? "traefik" : "", `${error.code}: ${error.message}`)]),
  ];
}

function rollbackText({ version, since, withheldChanges }: NonNullable<ChartSummary["rollback"]>, nowMs: number) {
  const waiting = `${count(withheldChanges, "change")} ${withheldChanges === 1 ? "waits" : "wait"}`;
  return `version ${version} since ${ageOf(since, nowMs)}; ${waiting} for portolan release`;
}

function holdText({ catalog, kind, routers, since, ends }: ChartSummary["holds"][number], nowMs: number): string {
  const whose = catalog === null ? kind : `${catalog}: ${kind}`;
  const end = ends === null ? "" : `, until ${toSeconds(ends)}`;
  return `${count(routers, "router")} (${whose}) since ${ageOf(since, nowMs)}${end}: portolan holds`;
}

function problemLines({ diagnostics }: ChartSummary, colours: Colours): readonly string[] {
  const width = Math.max(0, ...diagnostics.map((one) => String(one.count).length));
  return diagnostics.map(({ code, severity, count }, position) => {
    const colour = severityColour(colours, severity);
    const label = (position === 0 ? "problems" : "").padEnd(LABEL_WIDTH);
    return `${label}${String(count).padStart(width)} ${colour(`${severity.padEnd(7)} ${printable(code)}`)}`;
  });
}

/** The log has said which right is missing (`checks.untold`, `allocations.untold`). */
function fallenBack({ wanted, used }: NonNullable<SourceSummary["health"]>): string {
  const instead = used === "none" ? "every registration counts" : `the ${used} counts`;
  return `nomad.health ${wanted}: the token may not read what that needs, and ${instead}`;
}
