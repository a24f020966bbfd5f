import fc from "fast-check";
import { expect, test } from "vitest";
import { type ChartDiff, diffCharts, isEmptyDiff } from "../../src/core/chart-diff/chart-diff.ts";
import { fieldChanges } from "../../src/core/chart-diff/field-changes.ts";
import { type DynamicConfig, newConfig, splitKey } from "../../src/core/traefik/chart/dynamic-config.ts";
import { renderChart } from "../../src/core/traefik/chart/render.ts";
import { anyCatalog, anyConfig } from "../builders/arbitrary.ts";
import { pass } from "../builders/world.ts";

/** The chart with everything that the diff tells, and nothing else. */
function applied(before: DynamicConfig, { routers, others }: ChartDiff): DynamicConfig {
  const chart = newConfig(before);
  for (const { key, after } of [...routers.flatMap(({ resources }) => resources), ...others]) {
    const { section, name } = splitKey(key);
    if (after === undefined) chart[section].delete(name);
    else chart[section].set(name, after);
  }
  return chart;
}

test.each([
  ["any two configurations", fc.tuple(anyConfig, anyConfig)],
  [
    "the charts of two catalogs",
    fc.tuple(anyCatalog, anyCatalog).map(([a, b]) => [pass(a).chart, pass(b).chart] as const),
  ],
])("what differs between %s, applied to the one, makes the other", (_, pair) => {
  fc.assert(
    fc.property(pair, ([before, after]) => {
      const diff = diffCharts(before, after);
      expect(renderChart(applied(before, diff))).toBe(renderChart(after));
      expect(isEmptyDiff(diff)).toBe(renderChart(before) === renderChart(after));
    }),
  );
});

test("each thing that differs has fields to show, and is told below a router or apart, not both", () => {
  fc.assert(
    fc.property(anyConfig, anyConfig, (before, after) => {
      const { routers, others } = diffCharts(before, after);
      const below = new Set(routers.flatMap(({ resources }) => resources));
      for (const one of [...below, ...others]) {
        if (one.kind === "changed") expect(fieldChanges(one).length).toBeGreaterThan(0);
      }
      expect(others.some((one) => below.has(one))).toBe(false);
    }),
  );
});
