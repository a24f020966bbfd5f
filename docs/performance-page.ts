import type { Metric } from "../bench/figures.ts";
import { BUSY_PERCENT, isResult, type Line, type Result, type Runs, select } from "../bench/results.ts";
import { judge } from "../bench/targets.ts";
import {
  acrossRuns,
  amount,
  countTable,
  judged,
  pageTable,
  pollTable,
  scaleTable,
  sideBySide,
  singleTable,
  soakTable,
  startTable,
  translateTable,
} from "./performance-tables.ts";
import { table } from "./table.ts";

/** docs/performance.md without its notice: prose that holds whatever was measured, and tables of what was. */
export function performancePage(runs: Runs): string {
  const parts = [
    INTRODUCTION,
    place(runs),
    "![Time and traffic of a change against the number of services](performance.svg)",
    "## Aims",
    AIMS,
    aimsTable(runs),
    FURTHER_AIMS,
    furtherAimsTable(runs),
    WHY_SHORT,
    ...SECTIONS.flatMap((each) => section(each, runs)),
    ...countSection(runs.get("counts") ?? []),
    ...soakSection(runs.get("soak") ?? []),
  ];
  return parts.join("\n\n");
}

const INTRODUCTION = `    test/tools/install && test/tools/install consul-template && npm run bench:all && npm run docs

measures everything on this page, in three quarters of an hour; \`npm run bench:all -- NAME …\` one table or some of them, each by
the name that stands below it; \`npm run bench\` what one likes. Real Consul, real Traefik, and in one run side by side, each
participant with servers of its own:

- **floor**: a ready-made chart is renamed into Traefik's directory, so everything that is left is Traefik's own reload;
- **portolan**: \`portolan run\` with its defaults;
- **traefik**: Traefik's provider \`consulCatalog\` with \`watch\`;
- **consul-template**: a template that asks for every service, with Consul's limit on connections raised for it.

What exactly is timed stands in [bench/README.md](../bench/README.md). \`providersThrottleDuration\` is 10 ms for all of them:
with Traefik's default of 2 s each figure would be up to 2 s higher. The relay that counts traffic adds 0.1 ms to each
request, a tenth of what Traefik's own provider takes, since it makes thousands of them in a row. Services are spread over 50 nodes where nothing else
is said.

A table holds the figures of one run, and only these are compared with each other. Below it stands how much of the processors
others used during that run.`;

function place(runs: Runs): string {
  const results = [...runs.values()].flat().filter(isResult);
  return `Measured on ${[...new Set(results.map(({ machine }) => machine))].join("; and on ")}.`;
}

/** Which run a table is of, and what must be known to read its figures of time. */
function measuredBy(names: readonly string[], lines: readonly Line[]): string {
  return `\`npm run bench:all -- ${names.join(" ")}\`: ${othersDuring(lines)}`;
}

function othersDuring(lines: readonly Line[]): string {
  const busyPercent = busiest(lines);
  // Lines of a run from before it was taken.
  if (busyPercent === undefined) return "what others used of the processors meanwhile was not measured.";
  return busyPercent > BUSY_PERCENT
    ? `**others used ${busyPercent} % of the processors meanwhile: figures of time say little.**`
    : `others used ${busyPercent} % of the processors meanwhile.`;
}

/** The largest share of the processors that others used during the runs of the lines, in percent. */
function busiest(lines: readonly Line[]): number | undefined {
  const shares = lines.flatMap((line) => (line.busyPercent === undefined ? [] : [line.busyPercent]));
  return shares.length === 0 ? undefined : Math.max(...shares);
}

const COUNTS = `    npm run bench:counts

Figures that are the same on every machine, whatever else it does, by the embedded catalog: requests, bytes, files and modules
of the built program, the least in five lives of a service; what a pass allocates without Node's compilers. CI warns where one
is other than this table says. Who makes one worse for a good reason notes it by \`npm run bench:counts -- --renew\`, and says the
reason in the commit.`;

function countSection(lines: readonly Line[]): readonly string[] {
  const figures = countTable(lines);
  return figures === "" ? [] : ["## What does not depend on time", COUNTS, figures];
}

const SOAK = `    npm run soak -- --minutes 60 --seed 16 --catalog consul --services 1000 --record docs/performance/soak.jsonl

Random changes and faults of a catalog that never has many fewer than a thousand services, on some fifty nodes, three instances
each. Whenever they pause, the chart must be what Traefik's own provider makes of the same catalog from nothing. Each process
lives for a hundred of these moments, in another weather: changes alone; open faults; open and hidden ones, with waits of
2 s; changes without a pause.`;

function soakSection(lines: readonly Line[]): readonly string[] {
  const figures = soakTable(lines);
  return figures === ""
    ? []
    : ["## A soak at 1,000 services", SOAK, figures, "![Resident memory over the time of a soak](soak.svg)"];
}

interface Section {
  readonly title: string;
  readonly prose?: string;
  /** Whose lines the table is of. */
  readonly runs: readonly string[];
  readonly table: (lines: readonly Line[], runs: Runs) => string;
}

/** Nothing where nothing was measured. */
function section({ title, prose, runs: names, table: draw }: Section, runs: Runs): readonly string[] {
  const found = names.filter((name) => runs.has(name));
  const lines = found.flatMap((name) => runs.get(name) ?? []);
  const figures = draw(lines, runs);
  if (figures === "") return [];
  return [`## ${title}`, ...(prose === undefined ? [] : [prose]), figures, measuredBy(found, lines)];
}

const AIMS = `Each figure is the p50 of the kind of change that is dearest in it (new, another port, turned critical,
deregistered), but for memory, which is that at rest after a thousand changes; the time is that of a new service, and is
aimed at by the floor of the same run.`;

interface AimRow {
  readonly label: string;
  readonly run: string;
}

const AIM_ROWS: readonly AimRow[] = [
  { label: "100", run: "00100-http" },
  { label: "1,000, HTTP/1.1", run: "01000-http" },
  { label: "1,000, HTTP/2", run: "01000-https" },
  { label: "5,000, HTTP/1.1", run: "05000-http" },
  { label: "5,000, HTTP/2", run: "05000-https" },
  { label: "1,000, Nomad", run: "nomad-01000" },
];

const AIM_COLUMNS: readonly (readonly [Metric, string])[] = [
  ["routed", "registered → routed"],
  ["requests", "requests"],
  ["received", "received"],
  ["rssRest", "memory"],
  ["cpu", "processor time"],
];

function aimsTable(runs: Runs): string {
  const rows = AIM_ROWS.map(({ label, run }) => {
    const measured = (runs.get(run) ?? []).filter(isResult);
    return [label, ...AIM_COLUMNS.map(([metric]) => aimCell(measured, metric)), othersCell(measured)];
  });
  return table(["services × 3", ...AIM_COLUMNS.map(([, head]) => head), "others"], rows);
}

/** The figure that misses its aim by most, or comes nearest to it; without an aim, the dearest. */
function aimCell(measured: readonly Result[], metric: Metric): string {
  const ours = select(measured, { peer: "portolan", metric });
  const verdicts = ours.flatMap((figure) => {
    const verdict = judge(figure, measured, figure);
    return verdict === undefined ? [] : [{ figure, verdict }];
  });
  const worst = verdicts.toSorted((a, b) => b.verdict.excess - a.verdict.excess)[0];
  if (worst === undefined) {
    const dearest = ours.toSorted((a, b) => b.p50 - a.p50)[0];
    return dearest === undefined ? "not measured" : amount(dearest.p50, dearest);
  }
  const { figure, verdict } = worst;
  return `${amount(verdict.value, figure)}, aim ${judged(verdict.value, verdict.limit, figure.unit)}`;
}

function othersCell(lines: readonly Line[]): string {
  const share = busiest(lines);
  return share === undefined ? "not measured" : `${share} %`;
}

const FURTHER_AIMS =
  "What is aimed at beside those, as p50; at rest it is one minute. The share of the processor at rest is of one.";

const WHY_SHORT = `### Where an aim is missed

Where the cost lies, by profiles of the built program (\`node --cpu-prof --cpu-prof-interval=500 dist/main.js run …\` beside the embedded
catalog, \`--trace-gc\` for collections, \`/proc/PID/smaps\` for memory), and what less would take. A profiler doubles what it measures, so
these are shares.

| what | where it goes | what it would take |
|---|---|---|
| processor time of a change | collections of garbage 18 % at 100 services, 21 % at 1,000, 34 % at 5,000; the pass 21 to 26 %; three or four requests and the polls that are asked again 19 %, half of it in node-consul, axios and Node's client; saving the state 5 to 7 %; the chart's file and its copy for a rollback 6 % | to allocate less (5 MB a change at 1,000): requests that are prepared once, which is what the two libraries are for; the chart as pieces of bytes and not as one text of 3 MB. Or memory: without V8's flag for small heaps, some milliseconds less for 10 to 30 MB more ([decision 61](decisions.md)) |
| memory | of 106 MB at 100 services, 38 MB are Node's own program, 42 MB the loaded code of portolan and its libraries (the client of Consul and axios 16, zod and the schema of the settings 7, YAML 4), 26 MB what runs and is known | fewer libraries. \`--lite-mode\` takes 16 MB off and leaves V8 without compilers: a pass takes several times as long |
| a pass from scratch | collections 28 %; translating 44 %, without a step above 13 %; judging hosts 9 %, sizes 8 %, reasons for a first chart 7 %; below that nothing above 3 % but what is remembered of each instance (8 %) | one record for all instances with the same tags, in place of a dozen maps for each: another shape of the translation |
| a cold start | a pass in a process whose code V8 has not compiled yet: twice as long as one of a warm process; collections 30 %; requests and decoding 11 %; loading 6 %; log lines and metrics of 5,000 new routes 5 % | the above; the nodes' first answers handed on to the watch (50 of 158 requests); lines of the log after the file |
| \`check tags\`, \`explain\` | code that runs for the first time: zod and the schema of the settings 43 ms, reading settings 29, core 28 to 40, the first pass 38 (a second one takes 6), YAML 8, where a bare Node takes 21 to 33 | settings without zod where no file and no flag says anything, or V8's compile cache, which writes files beside other users' |
| at rest | the polls that end and are asked again 0.1 % of a core, the clock that watches the event loop 0.07 %; the rest is V8 giving memory back in the first minute after a start or a burst | nothing: it ends by itself |`;

interface FurtherAim {
  readonly what: string;
  readonly run: string;
  /** The figure's value as it is read, and what is aimed at. */
  readonly of: Partial<Result> | { readonly pass: string };
}

const FURTHER_AIM_ROWS: readonly FurtherAim[] = [
  {
    what: "5,000 × 3: a service registered within a second of another one → routed",
    run: "05000-soon",
    of: { metric: "routed", change: "soon" },
  },
  {
    what: "5,000 × 3: a pass after one change, up to the bytes",
    run: "translate",
    of: { pass: "a whole pass after one change, up to the bytes" },
  },
  {
    what: "5,000 × 3: a pass from scratch",
    run: "translate",
    of: { pass: "a pass over everything from scratch, in steps" },
  },
  { what: "5,000 × 3: a cold start → first chart", run: "cold-start", of: { metric: "firstChart" } },
  {
    what: "5,000 × 3: a warm start → the chart is held against what was stored",
    run: "cold-start",
    of: { metric: "confirmed" },
  },
  { what: "1,000 × 3 over HTTP/1.1: at rest, processor", run: "idle", of: { metric: "cpuShare" } },
  { what: "1,000 × 3 over HTTP/2: at rest, processor", run: "idle-https", of: { metric: "cpuShare" } },
];

function furtherAimsTable(runs: Runs): string {
  const rows = FURTHER_AIM_ROWS.map(({ what, run, of }) => {
    const lines = runs.get(run) ?? [];
    return [what, ...("pass" in of ? passCells(lines, of.pass) : resultCells(lines, of)), othersCell(lines)];
  });
  return table(["", "measured", "aim", "others"], rows);
}

function passCells(lines: readonly Line[], what: string): readonly [string, string] {
  const found = lines.find((line) => "what" in line && line.what === what);
  if (found === undefined || !("what" in found)) return ["not measured", ""];
  const { p50Ms, aimMs } = found;
  return [amount(p50Ms, { unit: "ms" }), aimMs === undefined ? "" : judged(p50Ms, aimMs, "ms")];
}

function resultCells(lines: readonly Line[], of: Partial<Result>): readonly [string, string] {
  const results = lines.filter(isResult);
  const found = select(results, { peer: "portolan", ...of }).at(-1);
  if (found === undefined) return ["not measured", ""];
  const verdict = judge(found, results, found);
  return [amount(found.p50, found), verdict === undefined ? "" : judged(verdict.value, verdict.limit, found.unit)];
}

function changes(title: string, run: string, prose?: string): Section {
  return { title, runs: [run], table: sideBySide, ...(prose === undefined ? {} : { prose }) };
}

const NOMAD = `    npm run bench -- --catalog nomad --services 300 --instances 1 --default-certificate

The embedded Nomad in a process of its own, and jobs without checks: each change is an allocation and the registration of its service.
Traefik's own provider is \`nomad\` with \`watch\`. A Traefik that has a certificate makes none at each change, so that little but
the way to it is measured. **portolan-consul** is portolan on the embedded Consul with the same services, in the same run. Aims: within
60 ms of the floor at 1, 25 and 300 services, at most five requests at any size, at 2,000 × 3 the file within 150 ms, and no more
memory than by Consul.`;

const NODES =
  "Beyond the budget of connections portolan watches by node, and where the nodes do not fit either, by sweeps.";
const NODE_RUNS = [
  ["3 nodes", "01000-nodes-3"],
  ["50 nodes", "01000-http"],
  ["500 nodes", "01000-nodes-500"],
] as const;

const SCALE_COLUMNS = [
  ["5,000 × 3, 50 changes a second", "scale-05000"],
  ["10,000 × 2, 10 a second", "scale-10000"],
  ["25,000 × 2, 10 a second", "scale-25000"],
  ["the same over HTTP/2", "scale-25000-https"],
  ["the same in two charts for two Traefiks", "scale-25000-split"],
] as const;

const SCALE = `    npm run bench:scale -- --services 25000 --instances 2 --rate 10 --minutes 1

Real Consul; Traefiks that have a certificate and whose API portolan asks; all on one machine of two processors. First single changes, each when the
one before is long routed, then so many changes a second without end: instances move to another port, and a new service every two
seconds is timed. Meanwhile *another host*, of which nothing changes, is asked fifty times a second. A processor is 100 %.

**Traefik's reload is the limit, and it grows faster than the number of routers**: it sorts all that it has whenever it adds one. So an
edge is better split when a reload takes longer than a change may: from some 10,000 routers on, where it is more than a second.
Two charts for two Traefiks ([how](how-to/two-edges.md)) load half as much each, in less than half of the time, and a change concerns one
of them. Where the two Traefiks have a machine each, they do not share its processors as here.

The figures below are of half a minute without end, not yet of the minutes that the command asks for.`;

const SECTIONS: readonly Section[] = [
  changes("100 services × 3", "00100-http"),
  changes("1,000 services × 3, HTTP/1.1", "01000-http"),
  changes("1,000 services × 3, beside others", "01000-http-others"),
  changes("1,000 services × 3, HTTP/2", "01000-https"),
  changes("5,000 services × 3, HTTP/1.1", "05000-http"),
  changes("5,000 services × 3, beside others", "05000-http-others"),
  changes("5,000 services × 3, HTTP/2", "05000-https"),
  changes(
    "5,000 services × 3: a change soon after another one",
    "05000-soon",
    `    npm run bench -- --only soon --services 5000 --peers floor,portolan --changes 12

Another service was registered 200, 400, 600 or 800 ms before, in turn, so that Traefik may still be at work on the chart
before; the floor has a file renamed for each of the two.`,
  ),
  {
    title: "1,000 services × 3 on 3, 50 and 500 nodes",
    prose: NODES,
    runs: NODE_RUNS.map(([, run]) => run),
    table: (_, runs) => acrossRuns(runs, NODE_RUNS),
  },
  changes("Nomad: 1 service × 1", "nomad-00001", NOMAD),
  changes("Nomad: 25 services × 1", "nomad-00025"),
  changes("Nomad: 300 services × 1", "nomad-00300"),
  changes("Nomad: 1,000 services × 3", "nomad-01000"),
  changes("Nomad: 2,000 services × 3", "nomad-02000"),
  changes(
    "Nomad: 300 services × 1, with the throttle of the shipped Traefik file",
    "nomad-00300-shipped",
    `    npm run bench -- --catalog nomad --services 300 --instances 1 --default-certificate --throttle 500ms

\`deploy/traefik.yml\` has \`providersThrottleDuration: 500ms\`: a change that comes within half a second of the one before waits for
its end, by the floor as by portolan.`,
  ),
  {
    title: "Nomad: deploys, with the throttle of the shipped Traefik file",
    prose: `    npm run bench -- --only deploys --catalog nomad --throttle 500ms --changes 3

\`checked\` is the time from Nomad's own first success of a check to the first answer, \`refused\` how many of 60 questions a second
are not answered by 200 during a rolling deploy, \`gap\` how long a host is without a good answer when it passes from a job that is
stopped to another that waits for it.`,
    runs: ["nomad-deploys"],
    table: singleTable,
  },
  {
    title: "5,000 services × 3: a cold start and a warm one",
    prose: `A cold start has nothing on disk: \`firstChart\` is the time from the start of the process to the first file. A warm one has the
state and the chart of the process before: \`confirmed\` is the time until the chart on disk is known to be what
follows from what was stored, \`ready\` until it has been held against the catalog.`,
    runs: ["cold-start"],
    table: singleTable,
  },
  {
    title: "1,000 services × 3: a minute in which nothing changes",
    prose: "A long poll that ends by itself is asked again; any other request would be one too many.",
    runs: ["idle"],
    table: singleTable,
  },
  {
    title: "1,000 services × 3 over HTTP/2: a minute in which nothing changes",
    prose:
      "`pollsShare` is what the client alone pays, measured in the same run, for so many polls that end and are asked again within a minute.",
    runs: ["idle-https"],
    table: singleTable,
  },
  {
    title: "What an open poll costs, over HTTP/2",
    prose: "    npm run bench:polls -- --polls 1000 --scheme https",
    runs: ["polls-https"],
    table: pollTable,
  },
  {
    title: "10,000 registrations in 20 seconds, beside 1,000 services × 3",
    prose: `Each registration is a request of its own. \`differs\` compares the last chart with what \`portolan once\` writes
from nothing. \`blocked\` is the longest time between two looks at the event loop that should be 50 ms apart, so it is up to
50 ms more than the loop was blocked.`,
    runs: ["burst"],
    table: singleTable,
  },
  {
    title: "5,000 services × 3: a pass, without catalog and file",
    prose: "    npm run bench:translate && npm run bench:claims",
    runs: ["translate", "translate-claims"],
    table: translateTable,
  },
  {
    title: "Large edges",
    prose: SCALE,
    runs: SCALE_COLUMNS.map(([, run]) => run),
    table: (_, runs) => scaleTable(runs, SCALE_COLUMNS),
  },
  {
    title: "The start of a command",
    prose: `    npm run bench:start

Each round starts each of them once, one after the other. A bare Node is what no program of Node's can be faster than; the
aim is four times that in the same run.`,
    runs: ["start"],
    table: startTable,
  },
  {
    title: "Commands that ask the running portolan, at 5,000 services",
    prose: `    npm run bench:reading

Whole commands from their start to their end, and the requests alone, as another program would send them.`,
    runs: ["reading"],
    table: startTable,
  },
  {
    title: "The page",
    prose: `    npm run bench:page

The built program beside the embedded catalog with 5,000 services of one instance each, in Debian's Chromium without a window,
on the same machine. *First view* is the time from the start of the navigation, with nothing in the browser's cache, to the
first routes on the screen. *Change on the screen* is the time from the moment when another chart lies under its name to the
frame that shows the new server. *Open pages* are streams of \`/v1/events\`, each with a connection of its own; what is registered
is renamed with them and without them in turns, in one run.`,
    runs: ["page"],
    table: pageTable,
  },
];
