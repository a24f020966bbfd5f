import type { Figure, Metric } from "../bench/figures.ts";
import {
  type CountResult,
  isResult,
  isSample,
  type Line,
  type PageResult,
  type PollResult,
  type Result,
  type Runs,
  type ScaleResult,
  type SoakSample,
  type SoakSummary,
  type StartResult,
  select,
  type TranslateResult,
} from "../bench/results.ts";
import { judge } from "../bench/targets.ts";
import { table } from "./table.ts";

/*
 * What was measured, as tables: each of the lines of one run, but for the one that sets runs beside each other. Empty where
 * nothing was measured.
 */

const SIDE_ROWS: readonly (readonly [string, Metric, Figure["change"]])[] = [
  ["a new service → routed", "routed", "new"],
  ["another port → routed", "routed", "port"],
  ["a new service soon after another → routed", "routed", "soon"],
  ["the same → file renamed", "renamed", "soon"],
  ["a check turns critical → not routed", "routed", "health"],
  ["a new service → file renamed", "renamed", "new"],
  ["requests: new", "requests", "new"],
  ["requests: port", "requests", "port"],
  ["requests: critical", "requests", "health"],
  ["requests: deregistered", "requests", "gone"],
  ["received: new", "received", "new"],
  ["received: port", "received", "port"],
  ["received: critical", "received", "health"],
  ["received: deregistered", "received", "gone"],
  ["processor time: new", "cpu", "new"],
  ["processor time: port", "cpu", "port"],
  ["most connections at a time", "connections", "all"],
  ["memory after these changes", "rss", "all"],
  ["memory at rest after a thousand changes", "rssRest", "all"],
  ["changes not seen within 30 s", "missed", "new"],
  ["the same, soon after another", "missed", "soon"],
];

const PEERS = ["floor", "portolan", "portolan-consul", "traefik", "consul-template"] as const;

/** A row for each figure, a column for each peer that was measured: p50, and p95 of times. */
export function sideBySide(lines: readonly Line[]): string {
  const changes = lines.filter(isResult);
  const peers = PEERS.filter((peer) => changes.some((result) => result.peer === peer));
  const rows = SIDE_ROWS.map(([head, metric, change]) => [
    head,
    ...peers.map((peer) => sideCell(select(changes, { peer, metric, change }).at(-1))),
  ]).filter((cells) => cells.some((cell, column) => column > 0 && cell !== ""));
  return rows.length === 0 ? "" : table(["p50 (p95)", ...peers], rows);
}

function sideCell(result: Result | undefined): string {
  if (result === undefined) return "";
  if (result.metric === "missed") return String(result.n);
  const isTime = result.metric === "routed" || result.metric === "renamed";
  return isTime ? `${amount(result.p50, result)} (${amount(result.p95, result)})` : amount(result.p50, result);
}

/** The same figures of portolan in several runs, a column for each, by its head. */
export function acrossRuns(runs: Runs, columns: readonly (readonly [head: string, run: string])[]): string {
  const measured = columns.flatMap(([head, run]) => {
    const lines = (runs.get(run) ?? []).filter(isResult);
    return lines.length === 0 ? [] : [{ head, ours: select(lines, { peer: "portolan" }) }];
  });
  if (measured.length < 2) return "";
  const rows = SIDE_ROWS.map(([head, metric, change]) => [
    head,
    ...measured.map(({ ours }) => sideCell(select(ours, { metric, change }).at(-1))),
  ]).filter((cells) => cells.some((cell, column) => column > 0 && cell !== ""));
  return table(["p50 (p95)", ...measured.map(({ head }) => head)], rows);
}

/** What concerns portolan alone, a row for each figure. */
export function singleTable(lines: readonly Line[]): string {
  const figures = lines.filter(isResult);
  if (figures.length === 0) return "";
  const rows = figures.map((figure) => {
    const verdict = judge(figure, figures, figure);
    return [figure.metric, amount(figure.p50, figure), amount(figure.max, figure), verdict?.text ?? ""];
  });
  return table(["", "p50", "max", "aim"], rows);
}

export function translateTable(lines: readonly Line[]): string {
  const passes = lines.filter((line): line is TranslateResult => "what" in line);
  if (passes.length === 0) return "";
  const rows = passes.map(({ what, p50Ms, maxMs, aimMs }) => [
    what,
    `${p50Ms} ms`,
    `${maxMs} ms`,
    aimMs === undefined ? "" : judged(p50Ms, aimMs, "ms"),
  ]);
  return table(["", "p50", "max", "aim for p50"], rows);
}

export function startTable(lines: readonly Line[]): string {
  const starts = lines.filter((line): line is StartResult => "start" in line);
  if (starts.length === 0) return "";
  const rows = starts.map(({ start, p50Ms, maxMs, timesBare, aimTimes }) => [
    `\`${start}\``,
    `${p50Ms} ms`,
    `${maxMs} ms`,
    `${timesBare}`,
    aimTimes === undefined ? "" : judged(timesBare, aimTimes, ""),
  ]);
  return table(["", "p50", "max", "times a bare Node", "aim"], rows);
}

export function pageTable(lines: readonly Line[]): string {
  const figures = lines.filter((line): line is PageResult => "page" in line);
  if (figures.length === 0) return "";
  const rows = figures.map(({ page, unit, p50, p95, n, aim }) => [
    page,
    amount(p50, { unit }),
    n === 1 ? "" : amount(p95, { unit }),
    count(n),
    aim === undefined ? "" : judged(p50, aim, unit),
  ]);
  return table(["", "p50", "p95", "n", "aim for p50"], rows);
}

export function countTable(lines: readonly Line[]): string {
  const counts = lines.filter((line): line is CountResult => "count" in line);
  if (counts.length === 0) return "";
  return table(
    ["", "services × 3", "expected"],
    counts.map(({ count: what, services, value }) => [what, count(services), count(value)]),
  );
}

export function pollTable(lines: readonly Line[]): string {
  const figures = lines.filter((line): line is PollResult => "poll" in line);
  if (figures.length === 0) return "";
  return table(
    ["", `${count(figures[0]?.polls ?? 0)} polls`],
    figures.map(({ poll, value, unit }) => [poll, `${value.toLocaleString("en-US")} ${unit}`.trim()]),
  );
}

/** A row for each figure, a column for each run: p50 (p95), of an answer's time p50 (p99). */
export function scaleTable(runs: Runs, columns: readonly (readonly [head: string, run: string])[]): string {
  const measured = columns.flatMap(([head, run]) => {
    const lines = (runs.get(run) ?? []).filter((line): line is ScaleResult => "scale" in line);
    return lines.length === 0 ? [] : [{ head, lines }];
  });
  if (measured.length === 0) return "";
  const names = [...new Set(measured.flatMap(({ lines }) => lines.map(({ scale }) => scale)))];
  const rows = names.map((name) => [
    name,
    ...measured.map(({ lines }) => scaleCell(lines.find(({ scale }) => scale === name))),
  ]);
  return table(["p50 (p99)", ...measured.map(({ head }) => head)], rows);
}

function scaleCell(line: ScaleResult | undefined): string {
  if (line === undefined) return "";
  const { unit, p50, p99, n } = line;
  return n === 1 ? amount(p50, { unit }) : `${amount(p50, { unit })} (${amount(p99, { unit })})`;
}

/** What came of a soak, and memory of each life after its first tenth and at its end: medians of a tenth of the life. */
export function soakTable(lines: readonly Line[]): string {
  const summary = lines.find((line): line is SoakSummary => "moments" in line);
  if (summary === undefined) return "";
  const samples = lines.filter(isSample);
  const { minutes, catalog, services, lives, moments, differences, changes, seed, machine, busyPercent } = summary;
  const lived = [...Map.groupBy(samples, ({ life }) => life)].map(([life, own]) => [
    `memory, ${life}`,
    `${medianMb(own, 0.1)} MB, at the end ${medianMb(own, 0.9)} MB, at most ${Math.max(...own.map(({ residentMb }) => residentMb))} MB`,
  ]);
  return table(
    ["", `${minutes} minutes, catalog ${catalog}, seed ${seed}`],
    [
      ["services at least", count(services)],
      ["changes", count(changes)],
      ["moments compared with Traefik's own provider", count(moments)],
      ["differences", count(differences)],
      ["processes", count(lives)],
      ...lived,
      ["machine", `${machine}; others used ${busyPercent ?? "an unknown share"} % of the processors`],
    ],
  );
}

/** Of the tenth of the samples that begins after so much of them. */
function medianMb(samples: readonly SoakSample[], from: number): number {
  const first = Math.floor(samples.length * from);
  const some = samples.slice(first, first + Math.max(1, Math.floor(samples.length / 10)));
  const sorted = some.map(({ residentMb }) => residentMb).toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** "8.5 ms: ok", "8.5 ms: **short by 1 ms**" */
export function judged(value: number, aim: number, unit: string): string {
  return `${amount(aim, { unit })}: ${value <= aim ? "ok" : `**short by ${amount(value - aim, { unit })}**`}`;
}

/** With its unit, in as many digits as mean something. */
export function amount(value: number, { unit }: Pick<Figure, "unit">): string {
  if (unit === "count") return count(value);
  if (unit === "B") return value < 1e6 ? `${tenths(value / 1e3)} KB` : `${tenths(value / 1e6)} MB`;
  return `${unit === "ms" && value >= 100 ? Math.round(value) : tenths(value)} ${unit}`.trim();
}

export function count(value: number): string {
  return value.toLocaleString("en-US");
}

function tenths(value: number): number {
  return Math.round(value * 10) / 10;
}
