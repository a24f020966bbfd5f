import { beforeEach, describe, expect, test } from "vitest";
import { createFirstChart, FIRST_CHART_PATIENCE_MS, type FirstChart } from "../../src/daemon/first-chart.ts";
import { snapshot } from "../builders/world.ts";

const LIVE = snapshot([], { catalogName: "dc1" });
const STORED = snapshot([], { catalogName: "dc1", freshness: "stored" });
const UNREAD = snapshot([], { catalogName: "dc2", freshness: "unread" });

let nowMs: number;
let looks: number[];
let firstChart: FirstChart;

beforeEach(() => {
  nowMs = 1_000;
  looks = [];
  firstChart = createFirstChart({ clock: { nowMs: () => nowMs }, lookAgainAt: (timeMs) => looks.push(timeMs) });
});

test.each([
  ["no catalog has answered", [UNREAD, UNREAD], true],
  ["every catalog has answered", [LIVE, LIVE], false],
  ["a stored snapshot is used", [STORED], false],
] as const)("with or without an earlier chart, where %s", (_, snapshots, isTooEarly) => {
  expect(firstChart.isTooEarly(snapshots, true)).toBe(isTooEarly);
  expect(firstChart.isTooEarly(snapshots, false)).toBe(isTooEarly);
  expect(looks).toEqual([]);
});

describe("where some catalogs have answered", () => {
  test("an earlier chart is brought up to date at once", () => {
    expect(firstChart.isTooEarly([LIVE, UNREAD], true)).toBe(false);
  });

  test("the first chart of all waits for the others from the first answer on", () => {
    expect(firstChart.isTooEarly([LIVE, UNREAD], false)).toBe(true);
    nowMs += FIRST_CHART_PATIENCE_MS - 1;
    expect(firstChart.isTooEarly([LIVE, UNREAD], false)).toBe(true);
    expect(looks).toEqual([11_000, 11_000]);
    nowMs += 1;
    expect(firstChart.isTooEarly([LIVE, UNREAD], false)).toBe(false);
  });
});
