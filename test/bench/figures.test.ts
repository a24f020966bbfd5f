import { expect, test } from "vitest";
import { createFigures } from "../../bench/figures.ts";

function summaryOf(values: readonly number[]) {
  const figures = createFigures();
  for (const value of values) figures.record("portolan", "new", "routed", value);
  return figures.all()[0];
}

test("every percentile is a value that was measured", () => {
  const twenty = Array.from({ length: 20 }, (_, position) => position + 1).toReversed();
  expect(summaryOf(twenty)).toMatchObject({ p50: 10, p95: 19, max: 20, mean: 10.5, n: 20, unit: "ms" });
  expect(summaryOf([7])).toMatchObject({ p50: 7, p95: 7, max: 7, n: 1 });
  expect(summaryOf([3, 1, 2])).toMatchObject({ p50: 2, p95: 3 });
});

test("figures are kept apart by peer, change and metric, in the order of their first samples", () => {
  const figures = createFigures();
  figures.record("portolan", "new", "routed", 5);
  figures.record("floor", "new", "routed", 3);
  figures.record("portolan", "port", "routed", 9);
  figures.record("portolan", "new", "routed", 7);
  expect(figures.all().map(({ peer, change, max }) => [peer, change, max])).toEqual([
    ["portolan", "new", 7],
    ["floor", "new", 3],
    ["portolan", "port", 9],
  ]);
});
