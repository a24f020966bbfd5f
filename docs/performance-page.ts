import type { Figure, Metric } from "../bench/figures.ts";
import {
  BUSY_PERCENT,
  isResult,
  type Line,
  type PageResult,
  type Result,
  type StartResult,
  select,
  type TranslateResult,
} from "../bench/results.ts";
import { judge, TARGET_SIZES, type TargetSize } from "../bench/targets.ts";
import { table } from "./table.ts";

/** docs/performance.md without its notice: prose that holds whatever was measured, and tables of what was. */
export function performancePage(lines: readonly Line[]): string {
  const results = lines.filter(isResult);
  const translations = lines.filter((line): line is TranslateResult => "what" in line);
  const starts = lines.filter((line): line is StartResult => "start" in line);
  const pages = lines.filter((line): line is PageResult => "page" in line);
  const parts = [
    INTRODUCTION,
    place(results),
    "![Time and traffic of a change against the number of services](performance.svg)",
    "## Aims",
    AIMS,
    aimsTable(results),
    ...SIDES.flatMap(({ title, of }) => section(title, sideBySide(select(results, of)))),
    ...section("1,000 services × 3 on 3, 50 and 500 nodes", nodesTable(results), NODES),
    ...NOMAD_SIDES.flatMap(({ services, instances }) =>
      section(
        `Nomad: ${count(services)} ${services === 1 ? "service" : "services"} × ${instances}`,
        sideBySide(select(results, { catalog: "nomad", services, throttleMs: 10 })),
        services === 1 ? NOMAD + othersDuring(select(results, { catalog: "nomad" })) : undefined,
      ),
    ),
    ...section(
      "Nomad: 300 services × 1, with the throttle of the shipped Traefik file",
      sideBySide(select(results, { catalog: "nomad", throttleMs: SHIPPED_THROTTLE_MS })),
      SHIPPED,
    ),
    ...section(
      "Nomad: deploys, with the throttle of the shipped Traefik file",
      singleTable(results, "deploys"),
      DEPLOYS,
    ),
    ...section("5,000 services × 3: a cold start and a warm one", singleTable(results, "cold-start"), STARTS),
    ...section("1,000 services × 3: a minute in which nothing changes", singleTable(results, "idle"), IDLE),
    ...section("10,000 registrations in 20 seconds, beside 1,000 services × 3", singleTable(results, "burst"), BURST),
    ...section("25,000 services × 2, in the embedded catalog", sideBySide(select(results, { services: 25_000 }))),
    ...section("5,000 services × 3: a pass, without catalog and file", translateTable(translations), TRANSLATE),
    ...section("The start of a command", startTable(starts), START),
    ...section("The page", pageTable(pages), PAGE),
  ];
  return parts.join("\n\n");
}

const STARTS = `A cold start has nothing on disk: \`firstChart\` is the time from the start of the process to the first file. A warm one has the
state and the chart of the process before: \`confirmed\` is the time until the chart on disk has been held against the stored
snapshot, \`ready\` until it has been held against the catalog.`;

const INTRODUCTION = `    test/tools/install && test/tools/install consul-template && npm run bench:all && npm run docs

measures everything on this page, within 36 minutes; \`npm run bench\` a part of it. Real Consul, real Traefik, and in one
run side by side, each participant with servers of its own:

- **floor**: a ready-made chart is renamed into Traefik's directory, so everything that is left is Traefik's own reload;
- **portolan**: \`portolan run\` with its defaults;
- **traefik**: Traefik's provider \`consulCatalog\` with \`watch\`;
- **consul-template**: a template that asks for every service, with Consul's limit on connections raised for it.

What exactly is timed stands in [bench/README.md](../bench/README.md). \`providersThrottleDuration\` is 10 ms for all of them:
with Traefik's default of 2 s each figure would be up to 2 s higher. The relay that counts traffic adds 0.1 ms to each
request, a tenth of what Traefik's own provider takes, since it makes thousands of them in a row. Services are spread over 50 nodes where nothing else
is said.`;

function place(results: readonly Result[]): string {
  const machines = [...new Set(results.map(({ machine }) => machine))].join("; and on ");
  return `Measured on ${machines}.${othersDuring(results.filter(({ catalog }) => catalog !== "nomad"))}`;
}

/** What must be known to read figures of time: empty where the machine had little else to do. */
function othersDuring(results: readonly Result[]): string {
  const busyPercent = Math.max(0, ...results.map((result) => result.busyPercent));
  return busyPercent > BUSY_PERCENT
    ? ` **Others used up to ${busyPercent} % of the processors meanwhile: figures of time say little.**`
    : "";
}

const AIMS = `Each figure is the p50 of the kind of change that is dearest in it (new, another port, turned critical,
deregistered), but for memory, which is that at the end of the run; the time is that of a new service.`;

const NODES =
  "Beyond the budget of connections portolan watches by node, and where the nodes do not fit either, by sweeps.";

const IDLE = "A long poll that ends by itself is asked again; any other request would be one too many.";

const BURST = `Each registration is a request of its own. \`differs\` compares the last chart with what \`portolan once\` writes
from nothing. \`blocked\` is the longest time between two looks at the event loop that should be 50 ms apart, so it is up to
50 ms more than the loop was blocked.`;

const TRANSLATE = "    npm run bench:translate && npm run bench:claims";

const PAGE = `    npm run bench:page

The built program beside the embedded catalog with 5,000 services of one instance each, in Debian's Chromium without a window,
on the same machine. *First view* is the time from the start of the navigation, with nothing in the browser's cache, to the
first routes on the screen. *Change on the screen* is the time from the moment when another chart lies under its name to the
frame that shows the new server. *Open pages* are streams of \`/v1/events\`, each with a connection of its own; what is registered
is renamed with them and without them in turns, in one run.`;

const START = `    npm run bench:start

Each round starts each of them once, one after the other. A bare Node is what no program of Node's can be faster than; the
aim is four times that in the same run.`;

/** Of each size in one run. */
const NOMAD_SIDES = [
  { services: 1, instances: 1 },
  { services: 25, instances: 1 },
  { services: 300, instances: 1 },
  { services: 2_000, instances: 3 },
] as const;

const NOMAD = `    npm run bench -- --catalog nomad --services 300 --instances 1 --default-certificate

The embedded Nomad in a process of its own, and jobs without checks: each change is an allocation and the registration of its service.
Traefik's own provider is \`nomad\` with \`watch\`. A Traefik that has a certificate makes none at each change, so that little but
the way to it is measured. **portolan-consul** is portolan on the embedded Consul with the same services, in the same run. Aims: within
60 ms of the floor at 1, 25 and 300 services, at most five requests at any size, at 2,000 × 3 the file within 150 ms, and no more
memory than by Consul.`;

const DEPLOYS = `    npm run bench -- --only deploys --catalog nomad --throttle 500ms --changes 3

\`checked\` is the time from Nomad's own first success of a check to the first answer, \`refused\` how many of 60 questions a second
are not answered by 200 during a rolling deploy, \`gap\` how long a host is without a good answer when it passes from a job that is
stopped to another that waits for it.`;

const SHIPPED_THROTTLE_MS = 500;
const SHIPPED = `    npm run bench -- --catalog nomad --services 300 --instances 1 --default-certificate --throttle 500ms

\`deploy/traefik.yml\` has \`providersThrottleDuration: 500ms\`: a change that comes within half a second of the one before waits for
its end, by the floor as by portolan.`;

interface Side {
  readonly title: string;
  readonly of: Partial<Result>;
}

const SIDES: readonly Side[] = [
  { title: "100 services × 3", of: { services: 100, scheme: "http", nodes: 50 } },
  { title: "1,000 services × 3, HTTP/1.1", of: { services: 1_000, scheme: "http", nodes: 50 } },
  { title: "1,000 services × 3, HTTP/2", of: { services: 1_000, scheme: "https", nodes: 50 } },
  { title: "5,000 services × 3, HTTP/1.1", of: { services: 5_000, scheme: "http", nodes: 50 } },
  { title: "5,000 services × 3, HTTP/2", of: { services: 5_000, scheme: "https", nodes: 50 } },
];

/** Nothing where nothing was measured. */
function section(title: string, figures: string, prose?: string): readonly string[] {
  if (figures === "") return [];
  return [`## ${title}`, ...(prose === undefined ? [] : [prose]), figures];
}

const AIM_COLUMNS: readonly (readonly [Metric, string])[] = [
  ["routed", "registered → routed"],
  ["requests", "requests"],
  ["received", "received"],
  ["rss", "memory"],
  ["cpu", "processor time"],
];

function aimsTable(results: readonly Result[]): string {
  const rows = TARGET_SIZES.map((size) => {
    const measured = select(results, { benchmark: "changes", nodes: 50, strategy: "auto", scheme: "http", ...size });
    return [sizeLabel(size), ...AIM_COLUMNS.map(([metric]) => aimCell(measured, metric))];
  });
  return table(["services × 3", ...AIM_COLUMNS.map(([, head]) => head)], rows);
}

function sizeLabel({ services, scheme }: TargetSize): string {
  const way = scheme === undefined ? "" : scheme === "https" ? ", HTTP/2" : ", HTTP/1.1";
  return `${count(services)}${way}`;
}

/** The figure that misses its aim by most, or comes nearest to it. */
function aimCell(measured: readonly Result[], metric: Metric): string {
  const judged = select(measured, { peer: "portolan", metric }).flatMap((figure) => {
    const verdict = judge(figure, measured, figure);
    return verdict === undefined ? [] : [{ figure, verdict }];
  });
  const worst = judged.toSorted((a, b) => b.verdict.excess - a.verdict.excess)[0];
  if (worst === undefined) return "not measured";
  const { figure, verdict } = worst;
  const comparison = `${amount(verdict.value, figure)}, aim ${amount(verdict.limit, figure)}`;
  return verdict.isMet ? `${comparison}: ok` : `${comparison}: **short by ${amount(verdict.excess, figure)}**`;
}

const SIDE_ROWS: readonly (readonly [string, Metric, Figure["change"]])[] = [
  ["a new service → routed", "routed", "new"],
  ["another port → routed", "routed", "port"],
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
  ["memory", "rss", "all"],
  ["changes not seen within 30 s", "missed", "new"],
];

const PEERS = ["floor", "portolan", "portolan-consul", "traefik", "consul-template"] as const;

/** A row for each figure, a column for each peer that was measured: p50, and p95 of times. */
function sideBySide(results: readonly Result[]): string {
  const changes = select(results, { benchmark: "changes" });
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

function nodesTable(results: readonly Result[]): string {
  const ours = select(results, { benchmark: "changes", services: 1_000, scheme: "http", peer: "portolan" });
  const columns = [3, 50, 500].map((nodes) => select(ours, { nodes })).filter((column) => column.length > 0);
  if (columns.length < 2) return "";
  const rows = SIDE_ROWS.map(([head, metric, change]) => [
    head,
    ...columns.map((column) => sideCell(select(column, { metric, change }).at(-1))),
  ]).filter((cells) => cells.some((cell, column) => column > 0 && cell !== ""));
  return table(["p50 (p95)", ...columns.map(([first]) => `${first?.nodes} nodes`)], rows);
}

function singleTable(results: readonly Result[], benchmark: Result["benchmark"]): string {
  const figures = select(results, { benchmark });
  if (figures.length === 0) return "";
  const rows = figures.map((figure) => {
    const verdict = judge(figure, figures, figure);
    return [figure.metric, amount(figure.p50, figure), amount(figure.max, figure), verdict?.text ?? ""];
  });
  return table(["", "p50", "max", "aim"], rows);
}

function translateTable(lines: readonly TranslateResult[]): string {
  if (lines.length === 0) return "";
  const rows = lines.map(({ what, p50Ms, maxMs, aimMs }) => [
    what,
    `${p50Ms} ms`,
    `${maxMs} ms`,
    aimMs === undefined ? "" : `${aimMs} ms: ${p50Ms <= aimMs ? "ok" : `**short by ${tenths(p50Ms - aimMs)} ms**`}`,
  ]);
  return table(["", "p50", "max", "aim for p50"], rows);
}

function startTable(lines: readonly StartResult[]): string {
  if (lines.length === 0) return "";
  const rows = lines.map(({ start, p50Ms, maxMs, timesBare, aimTimes }) => [
    `\`${start}\``,
    `${p50Ms} ms`,
    `${maxMs} ms`,
    `${timesBare}`,
    aimTimes === undefined ? "" : timesBare <= aimTimes ? "ok" : `**short by ${tenths(timesBare - aimTimes)}**`,
  ]);
  const busyPercent = Math.max(...lines.map((line) => line.busyPercent));
  const others = `\n\n**Others used ${busyPercent} % of the processors meanwhile: read the times of a bare Node, not those in milliseconds.**`;
  return table(["", "p50", "max", "times a bare Node", "aim 4"], rows) + (busyPercent > BUSY_PERCENT ? others : "");
}

function pageTable(lines: readonly PageResult[]): string {
  const [first] = lines;
  if (first === undefined) return "";
  const rows = lines.map(({ page, unit, p50, p95, n, aim }) => [
    page,
    amount(p50, { unit }),
    n === 1 ? "" : amount(p95, { unit }),
    count(n),
    aim === undefined
      ? ""
      : `${amount(aim, { unit })}: ${p50 <= aim ? "ok" : `**short by ${amount(p50 - aim, { unit })}**`}`,
  ]);
  const others =
    first.busyPercent > BUSY_PERCENT
      ? ` **Others used ${first.busyPercent} % of the processors meanwhile: figures of time say little.**`
      : "";
  return `${table(["", "p50", "p95", "n", "aim for p50"], rows)}\n\nOn ${first.machine}.${others}`;
}

/** With its unit, in as many digits as mean something. */
function amount(value: number, { unit }: Pick<Figure, "unit">): string {
  if (unit === "count") return count(value);
  if (unit === "B") return value < 1e6 ? `${tenths(value / 1e3)} KB` : `${tenths(value / 1e6)} MB`;
  return `${unit === "ms" && value >= 100 ? Math.round(value) : tenths(value)} ${unit}`;
}

function count(value: number): string {
  return value.toLocaleString("en-US");
}

function tenths(value: number): number {
  return Math.round(value * 10) / 10;
}
