import { expect, test } from "vitest";
import { createRateFloor } from "../../../src/sources/polling/rate-floor.ts";

test("a burst goes at once, then one request each interval", () => {
  const floor = createRateFloor(200, 2);
  expect([0, 0, 0, 0].map((nowMs) => floor.takeMs(nowMs))).toEqual([0, 0, 200, 400]);
});

test("a query that waits as the floor says makes five requests a second at most", () => {
  const floor = createRateFloor(200, 2);
  let nowMs = 0;
  let requests = 0;
  for (; nowMs < 10_000; requests += 1) nowMs += floor.takeMs(nowMs);
  expect(requests).toBeLessThanOrEqual(52);
  expect(requests).toBeGreaterThan(45);
});

test("quiet earns one burst, not more", () => {
  const floor = createRateFloor(200, 2);
  floor.takeMs(0);
  expect([60_000, 60_000, 60_000].map((nowMs) => floor.takeMs(nowMs))).toEqual([0, 0, 200]);
});
