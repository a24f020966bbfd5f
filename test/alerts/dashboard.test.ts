import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { METRICS } from "../../src/observe/metrics/metric-names.ts";
import { type Panel, panelQueries, readDashboard } from "./dashboard.ts";
import { knownMetrics, unknownIn } from "./expression.ts";

const DASHBOARD = readDashboard();
const KNOWN = await knownMetrics();
const PANELS = DASHBOARD.panels.filter(({ type }) => type !== "row");
const ROWS = ["Can it be trusted", "Routes", "Sources", "Traefik", "Ports", "Process"];

test("each metric is on it, but for those that say the same in other words", () => {
  const shown = panelQueries(DASHBOARD)
    .map(({ expr }) => expr)
    .join(" ");
  const missing = Object.keys(METRICS).filter((name) => !shown.includes(name));
  // Whether all charts are ready; publications, which are counted by their lag; the hash; holds by catalog; and whether targets are told.
  expect(missing).toEqual([
    "portolan_ready",
    "portolan_chart_generation",
    "portolan_chart_info",
    "portolan_scrape_targets_whole",
    "portolan_source_routers_held",
  ]);
});

test("it belongs to no instance of Grafana: every query is to the data source that is chosen", () => {
  const text = JSON.stringify(DASHBOARD);
  expect(DASHBOARD.id).toBeNull();
  expect(DASHBOARD).not.toHaveProperty("uid");
  const sources = [...text.matchAll(/"datasource":(\{[^}]*\})/g)].map(
    ([, source = ""]) => JSON.parse(source) as unknown,
  );
  expect(sources.length).toBeGreaterThan(PANELS.length);
  for (const source of sources) expect(source).toEqual({ type: "prometheus", uid: "$datasource" });
  expect(DASHBOARD.templating.list[0]).toMatchObject({ name: "datasource", type: "datasource", query: "prometheus" });
  // Grafana 12's; older ones take it, too, and newer ones move it on by themselves.
  expect(DASHBOARD.schemaVersion).toBe(41);
});

test("its rows are in the order in which questions are asked", () => {
  const rows = DASHBOARD.panels.filter(({ type }) => type === "row");
  expect(rows.map(({ title }) => title)).toEqual(ROWS);
  expect(new Set(DASHBOARD.panels.map(({ id }) => id)).size).toBe(DASHBOARD.panels.length);
});

test("no two panels overlap, and none is wider than the screen", () => {
  const overlaps = DASHBOARD.panels.flatMap((one, position) =>
    DASHBOARD.panels
      .slice(position + 1)
      .filter((other) => isOverlapping(one, other))
      .map((other) => [one.title, other.title]),
  );
  expect(overlaps).toEqual([]);
  for (const { gridPos, title } of DASHBOARD.panels) expect(gridPos.x + gridPos.w, title).toBeLessThanOrEqual(24);
});

function isOverlapping({ gridPos: one }: Panel, { gridPos: other }: Panel): boolean {
  const isBeside = one.x + one.w <= other.x || other.x + other.w <= one.x;
  const isAbove = one.y + one.h <= other.y || other.y + other.h <= one.y;
  return !isBeside && !isAbove;
}

describe.each(PANELS)("$title", ({ title, description, fieldConfig, targets }) => {
  test("has a title, a description, a unit and queries with legends", () => {
    expect(title).not.toBe("");
    expect(description).not.toBe("");
    expect(fieldConfig?.defaults.unit).toMatch(/^(?:short|none|s|bytes|percentunit|reqps|bool_yes_no)$/);
    expect(targets?.length).toBeGreaterThan(0);
    for (const { legendFormat } of targets ?? []) expect(legendFormat).toContain("{{node}}");
  });
});

test.each(panelQueries(DASHBOARD))("$of: $expr names metrics and labels that there are", ({ expr, legend }) => {
  expect(unknownIn(expr, KNOWN)).toEqual([]);
  const shown = [...legend.matchAll(/\{\{(\w+)\}\}/g)].map(([, label = ""]) => label);
  expect(shown.filter((label) => unknownIn(`${expr}{${label}=""}`, KNOWN).length > 0)).toEqual([]);
});

test("it is mentioned where it is loaded", () => {
  expect(readFileSync(join(import.meta.dirname, "../../docs/alerts.md"), "utf8")).toContain(
    "deploy/grafana-dashboard.json",
  );
});
