import { describe, expect, test } from "vitest";
import { AppError } from "../../../src/base/errors.ts";
import { DIAGNOSTIC_CODES } from "../../../src/core/diagnostics/diagnostics.ts";
import { fanOutChart } from "../../../src/observe/fan-out.ts";
import { createChartMetrics } from "../../../src/observe/metrics/chart-metrics.ts";
import { showChartState } from "../../../src/observe/metrics/chart-state-metrics.ts";
import { showDaemon } from "../../../src/observe/metrics/daemon-metrics.ts";
import { createMetrics } from "../../../src/observe/metrics/registry.ts";
import { createTraefikMetrics } from "../../../src/observe/metrics/traefik-metrics.ts";
import type { ChartObserver, PassReport } from "../../../src/observe/observer.ts";
import type { ChartStatus } from "../../../src/observe/status/chart-status.ts";
import { createStatusKeeper, type StatusKeeper } from "../../../src/observe/status/chart-status.ts";
import { chartSummary } from "../../../src/observe/status/chart-summary.ts";
import { judgeReadiness, withEdge } from "../../../src/observe/status/readiness.ts";
import { statusView } from "../../../src/observe/status/status-view.ts";
import { instance, NOW_MS, pass, snapshot } from "../../builders/world.ts";
import { BROKEN, CLOCK } from "../charted.ts";
import { STATUS, watched } from "../status/statuses.ts";
import { DISABLED, traefikReport } from "../traefik-reports.ts";
import { disagreements } from "./agreement.ts";
import { ownLines } from "./exposition.ts";
import { parseExposition } from "./scrape.ts";

/** Two charts of one process, which hear what a test reports, and what is told of them at any moment. */
function twoEdges() {
  const metrics = createMetrics();
  const open = (edge: string) => {
    const keeper: StatusKeeper = createStatusKeeper({ clock: CLOCK, version: "1.2.3", output: `/srv/${edge}.yml` });
    const observer = fanOutChart([
      createChartMetrics({ families: metrics.charts, edge, source: "consul", clock: CLOCK }),
      createTraefikMetrics({ families: metrics.traefiks, edge }),
      keeper,
    ]);
    return { edge, observer, status: keeper.current };
  };
  const edges = { main: open("main"), public: open("public") };
  return {
    main: edges.main.observer,
    public: edges.public.observer,
    /** What one scrape says, beside status and readiness of that moment. */
    async told(catalogs = [watched()], nowMs = NOW_MS) {
      const readinessOf = (status: ChartStatus) => judgeReadiness(status, catalogs, nowMs);
      const [main, other] = [edges.main.status(), edges.public.status()];
      const readiness = withEdge(readinessOf(main), "public", readinessOf(other));
      showDaemon(metrics.daemon, { version: main.version, isReady: readiness.isReady, streams: 0 });
      for (const { edge, status } of Object.values(edges)) {
        showChartState(metrics.chartStates, edge, status(), readinessOf(status()));
      }
      const status = {
        ...statusView(main, catalogs, readiness, nowMs),
        edges: [{ name: "public", chart: chartSummary(other) }],
      };
      const text = await metrics.text();
      const samples = parseExposition(text);
      return {
        disagreements: disagreements({ metrics: text, status, readyz: readiness.isReady ? 200 : 503 }),
        ready: ["main", "public"].map(
          (edge) =>
            samples.find(({ name, labels }) => name === "portolan_chart_ready" && labels["edge"] === edge)?.value,
        ),
        lines: await ownLines(metrics),
      };
    },
  };
}

function report(overrides: Partial<PassReport> = {}): PassReport {
  return {
    decision: pass([instance(), BROKEN]),
    snapshots: [snapshot([])],
    published: { didWrite: true },
    lagMs: 12,
    ...overrides,
  };
}

const FULL = new AppError("the disk is full", { code: "E_OUTPUT_NO_SPACE", retryable: true });
const KEPT = instance({ service: "kept", id: "kept-1", node: "node-2", nodeAddress: "192.168.11.12" });
const before = pass([instance(), KEPT]);
/** All of the catalog's routers would go at once. */
const held = pass([], { previous: before.memory });
const away = watched({ lastSuccessAtMs: NOW_MS - 600_000 });

describe("metrics, status and readiness say the same of both charts", () => {
  test.each<[string, (main: ChartObserver, other: ChartObserver) => void, readonly (0 | 1)[], typeof away]>([
    ["before the first pass", () => {}, [0, 0], watched()],
    ["when all is well", charted, [1, 1], watched()],
    ["while one stands by", (main) => main.standingBy("pid 7 on lb-1"), [0, 0], watched()],
    ["while one stands by, and the other does not", oneStandsBy, [0, 1], watched()],
    ["while one cannot be written", both((main) => main.unwritable(FULL, 1_000)), [0, 1], watched()],
    ["when it can be again", both(writtenAgain), [1, 1], watched()],
    ["while the state cannot be stored", stateUnsaved, [1, 1], watched()],
    ["while Traefik refuses a directory", both((_, other) => refuse(other)), [1, 0], watched()],
    ["while an earlier chart is published", both(rollBack), [1, 1], watched()],
    ["when that has ended", both(rollBackAndRelease), [1, 1], watched()],
    ["while routers are held", both((_, other) => other.charted(report({ decision: held }))), [1, 1], watched()],
    ["while the catalog is away", charted, [0, 0], away],
    ["while Traefik is behind", both((main) => main.traefikRead(behind())), [0, 1], watched()],
    ["while Traefik's API is away", both((main) => main.traefikRead(unread())), [1, 1], watched()],
    ["while Traefik has disabled one", both((main) => main.traefikRead(disabled())), [1, 1], watched()],
    ["when its API is not asked any more", both(askNoMore), [1, 1], watched()],
  ])("%s", async (_, happens, ready, catalog) => {
    const edges = twoEdges();
    happens(edges.main, edges.public);
    const told = await edges.told([catalog]);
    expect(told.disagreements).toEqual([]);
    expect(told.ready).toEqual(ready);
  });
});

function charted(...observers: readonly ChartObserver[]): void {
  for (const observer of observers) {
    observer.writesAlone();
    observer.charted(report());
  }
}

function both(then: (main: ChartObserver, other: ChartObserver) => void) {
  return (main: ChartObserver, other: ChartObserver) => {
    charted(main, other);
    then(main, other);
  };
}

function oneStandsBy(main: ChartObserver, other: ChartObserver): void {
  main.standingBy("pid 7 on lb-1");
  charted(other);
}

function writtenAgain(main: ChartObserver): void {
  main.unwritable(FULL, 1_000);
  charted(main);
}

function stateUnsaved(main: ChartObserver, other: ChartObserver): void {
  main.stateUnsaved(FULL);
  charted(main, other);
}

function refuse(observer: ChartObserver): void {
  observer.directoryRefused({ file: "/srv/static.yml", message: "found invalid YAML" });
}

function rollBack(main: ChartObserver): void {
  main.charted(report({ rollback: { number: 3, sinceMs: NOW_MS - 90_000_000, withheldChanges: 4 } }));
}

function rollBackAndRelease(main: ChartObserver): void {
  rollBack(main);
  charted(main);
}

const behind = () => traefikReport({ taking: { kind: "behind", sinceMs: NOW_MS } });
const unread = () => traefikReport({ unread: { code: "E", message: "away", sinceMs: NOW_MS } });
const disabled = () => traefikReport({ flaws: { "http/routers/web": DISABLED } });

function askNoMore(main: ChartObserver): void {
  main.traefikRead(behind());
  main.traefikRead(undefined);
}

test("what only a pass can tell is absent before it, and a scrape does not invent it", async () => {
  const { lines } = await twoEdges().told();
  const of = (edge: string) => lines.filter((line) => line.startsWith("portolan_chart") && line.includes(`"${edge}"`));
  expect(of("public")).toEqual([
    'portolan_chart_ready{edge="public"} 0',
    'portolan_chart_standby{edge="public"} 0',
    'portolan_chart_generation{edge="public"} 0',
    'portolan_chart_write_errors_total{edge="public"} 0',
  ]);
});

test("each kind of hold and each code has a sample from the first pass on, so that a catalog adds none", async () => {
  const edges = twoEdges();
  edges.main.charted(report({ decision: before }));
  const quiet = (await edges.told()).lines;
  edges.main.charted(report({ decision: held }));
  const loud = (await edges.told()).lines;
  const series = (lines: readonly string[]) =>
    lines.map((line) => line.split(" ")[0] ?? "").filter((name) => !/_end_timestamp_|_info/.test(name));
  expect(series(loud)).toEqual(series(quiet));
  expect(loud).toContain('portolan_chart_routers_held{edge="main",kind="mass-removal"} 2');
  const codes = loud.filter((line) => line.startsWith('portolan_chart_diagnostics{edge="main"'));
  expect(codes).toHaveLength(Object.keys(DIAGNOSTIC_CODES).length);
});

test("a flood of diagnostics is counted, by code", async () => {
  const families = createMetrics();
  const diagnostics = pass(
    Array.from({ length: 300 }, (_, position) => ({ ...BROKEN, id: `b-${position}` })),
  ).diagnostics;
  showChartState(
    families.chartStates,
    "main",
    { ...STATUS, diagnostics, lastPass: { decision: before, snapshots: [] } },
    { isReady: true },
  );
  expect(await ownLines(families)).toContain(
    'portolan_chart_diagnostics{edge="main",code="TAG_UNKNOWN_KEY",severity="error"} 300',
  );
});
