import { beforeEach, expect, test } from "vitest";
import { AppError } from "../../../src/base/errors.ts";
import { assembleOperatorConfig } from "../../../src/core/operator-config/assemble.ts";
import { NO_OPERATOR_CONFIG } from "../../../src/core/operator-config/operator-config.ts";
import type { ChartListener } from "../../../src/observe/fan-out.ts";
import { createChartMetrics } from "../../../src/observe/metrics/chart-metrics.ts";
import { createMetrics, type Metrics } from "../../../src/observe/metrics/registry.ts";
import { instance, pass, snapshot } from "../../builders/world.ts";
import { BROKEN, CLOCK, charted, flood, UNWRITTEN } from "../charted.ts";
import { metric, ownLines } from "./exposition.ts";

let metrics: Metrics;
let listener: ReturnType<typeof createChartMetrics>;

beforeEach(() => {
  metrics = createMetrics();
  listener = ofEdge("main");
});

function ofEdge(edge: string): Required<Pick<ChartListener, "charted" | "unwritable">> {
  return createChartMetrics({ families: metrics.charts, edge, source: "consul", clock: CLOCK });
}

test("counters exist before anything happens", async () => {
  expect(await ownLines(metrics)).toEqual(
    expect.arrayContaining([
      'portolan_chart_generation{edge="main"} 0',
      'portolan_chart_write_errors_total{edge="main"} 0',
    ]),
  );
});

test("the chart and the quarantined instances are counted", async () => {
  const twice = { ...BROKEN, id: "c", tags: [...BROKEN.tags, "traefik.http.routers.b.priority=x"] };
  listener.charted(charted(pass([instance(), BROKEN, twice])));
  const lines = await ownLines(metrics);
  expect(lines).toContain('portolan_chart_routers{edge="main"} 1');
  expect(lines).toContain('portolan_chart_routers_emptied{edge="main"} 0');
  expect(lines).toContain('portolan_instances_quarantined{edge="main"} 2');
  expect(lines).toContain('portolan_chart_generation{edge="main"} 1');
  expect(lines).toContain('portolan_chart_lag_seconds_sum{edge="main"} 0.012');
  expect(lines).toContain('portolan_chart_published_timestamp_seconds{edge="main"} 1000');
});

test("a pass without a write is no generation, and equal bytes have one hash", async () => {
  const first = pass([instance()]);
  listener.charted(charted(first));
  const hash = await metric(metrics, "portolan_chart_info");
  listener.charted(charted(pass([instance()], { previous: first.memory }), UNWRITTEN));
  expect(await metric(metrics, "portolan_chart_generation")).toBe('portolan_chart_generation{edge="main"} 1');
  expect(await metric(metrics, "portolan_chart_info")).toBe(hash);
});

test("other bytes take the place of the hash", async () => {
  listener.charted(charted(pass([instance()])));
  const next = charted(pass([]));
  listener.charted(next);
  const infos = (await ownLines(metrics)).filter((line) => line.startsWith("portolan_chart_info"));
  expect(infos).toEqual([`portolan_chart_info{edge="main",hash="${next.hash}"} 1`]);
});

test("what is wrong with the operator's own file quarantines no instance", async () => {
  const { operatorConfig } = assembleOperatorConfig(
    {
      settings: { origin: "settings", config: NO_OPERATOR_CONFIG.config },
      files: [{ name: "a.yml", content: { http: 1 } }],
      lastGood: new Map(),
    },
    { version: "3.6", ruleSyntax: "v3", entryPoints: [], defaultEntryPoints: [] },
  );
  listener.charted(charted(pass([instance()], { operatorConfig })));
  expect(await metric(metrics, "portolan_instances_quarantined")).toMatch(/ 0$/);
});

test("every quarantined instance is counted, whether or not its diagnostics are reported one by one", async () => {
  listener.charted(charted(pass(Array.from({ length: 40 }, (_, position) => flood(`s${position}`, 60)).flat())));
  expect(await metric(metrics, "portolan_instances_quarantined")).toMatch(/ 2400$/);
});

test("a flood of diagnostics adds no label to the metrics", async () => {
  listener.charted(charted(pass([BROKEN])));
  const before = await ownLines(metrics);
  listener.charted(charted(pass(flood("a-flood", 5_000))));
  expect(await ownLines(metrics)).toHaveLength(before.length);
});

test("each failed attempt to write the file is counted", async () => {
  const full = new AppError("the disk is full", { code: "E_OUTPUT_NO_SPACE", retryable: true });
  listener.unwritable(full, 1_000);
  listener.unwritable(full, 2_000);
  expect(await metric(metrics, "portolan_chart_write_errors_total")).toBe(
    'portolan_chart_write_errors_total{edge="main"} 2',
  );
});

test("the held routers are counted for each catalog", async () => {
  const dc1 = snapshot([instance()], { catalogName: "dc1" });
  const dc2 = snapshot([], { catalogName: "dc2", freshness: "unread" });
  const filled = snapshot([instance({ service: "x", id: "x" })], { catalogName: "dc2" });
  const before = pass([], { snapshots: [dc1, filled] });
  const decision = pass([], { snapshots: [dc1, dc2], previous: before.memory });
  listener.charted(charted(decision, { snapshots: [dc1, dc2] }));
  const lines = await ownLines(metrics);
  expect(lines).toContain('portolan_source_routers_held{source="dc1",edge="main"} 0');
  expect(lines).toContain('portolan_source_routers_held{source="dc2",edge="main"} 1');
});

test("a catalog that has no name in the settings is counted under the label that it is given", async () => {
  listener.charted(charted(pass([instance()])));
  expect(await ownLines(metrics)).toContain('portolan_source_routers_held{source="consul",edge="main"} 0');
});

test("another edge's figures bear its name", async () => {
  ofEdge("public").charted(charted(pass([instance()])));
  const lines = await ownLines(metrics);
  expect(lines).toContain('portolan_chart_routers{edge="public"} 1');
  expect(lines).not.toContain('portolan_chart_routers{edge="main"} 1');
});
