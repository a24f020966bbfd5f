import fc from "fast-check";
import { expect, test } from "vitest";
import { rowPlaces, visibleRows } from "../../src/page/parts/visible-rows.ts";

test("rows lie one below the other", () => {
  expect([...rowPlaces([10, 20, 30]).tops]).toEqual([0, 10, 30, 60]);
  expect(rowPlaces([]).height).toBe(0);
});

test("those are drawn that the window shows, and some around them", () => {
  const places = rowPlaces(Array(5_000).fill(30));
  expect(visibleRows(places, { top: 3_000, bottom: 3_600 }, 2)).toEqual({ from: 98, to: 123 });
  expect(visibleRows(places, { top: -500, bottom: 300 }, 2)).toEqual({ from: 0, to: 13 });
  expect(visibleRows(places, { top: 149_900, bottom: 150_500 }, 2)).toEqual({ from: 4_994, to: 5_000 });
});

test("no row that the window shows is left out", () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 100 }), { maxLength: 60 }),
      fc.integer({ min: -500, max: 6_000 }),
      fc.integer({ min: 0, max: 1_000 }),
      (heights, top, height) => {
        const places = rowPlaces(heights);
        const { from, to } = visibleRows(places, { top, bottom: top + height }, 0);
        for (const index of heights.keys()) {
          const isSeen = (places.tops[index + 1] ?? 0) > top && (places.tops[index] ?? 0) < top + height;
          if (isSeen) expect(index >= from && index < to).toBe(true);
        }
        expect(from).toBeGreaterThanOrEqual(0);
        expect(to).toBeLessThanOrEqual(heights.length);
      },
    ),
  );
});
