import { expect, test } from "vitest";
import { createFailingTargets } from "../../../src/sources/polling/failing-targets.ts";

test("an outage of sixty queries is reported once, and its end once", () => {
  const failing = createFailingTargets();
  const queries = Array.from({ length: 60 }, (_, number) => `query ${number}`);
  expect(queries.filter((query) => failing.failed(query, "E_DOWN", 1_000))).toEqual(["query 0"]);
  expect(failing.consecutiveFailures).toBe(60);
  const ends = queries.map((query) => failing.succeeded(query, 4_000)).filter((end) => end !== undefined);
  expect(ends).toEqual([{ failures: 60, forMs: 3_000 }]);
  expect(failing.consecutiveFailures).toBe(0);
});

test("another kind of failure is news", () => {
  const failing = createFailingTargets();
  expect(failing.failed("a", "E_DOWN", 0)).toEqual({ failures: 1, forMs: 0 });
  expect(failing.failed("a", "E_STATUS", 1)).toEqual({ failures: 2, forMs: 1 });
  expect(failing.failed("a", "E_DOWN", 2)).toBeUndefined();
});

test("a failure that goes on is reported again at growing distances, an hour apart at most", () => {
  const failing = createFailingTargets();
  const toldAtMinutes = [];
  for (let second = 0; second <= 5 * 3_600; second += 5) {
    if (failing.failed("a", "E_DOWN", second * 1_000) !== undefined) toldAtMinutes.push(second / 60);
  }
  expect(toldAtMinutes).toEqual([0, 1, 3, 7, 15, 31, 63, 123, 183, 243]);
});

test("the next trouble is reported at once, however far apart the reminders of a long one were", () => {
  const failing = createFailingTargets();
  const hour = 3_600_000;
  for (let second = 0; second <= 3_600; second += 1) failing.failed("a", "E_DOWN", second * 1_000);
  failing.succeeded("a", hour + 500);
  expect(failing.failed("a", "E_DOWN", 1.1 * hour)).toEqual({ failures: 1, forMs: 0 });
  expect(failing.failed("a", "E_DOWN", 1.1 * hour + 60_000)).toEqual({ failures: 2, forMs: 60_000 });
});

test("one that comes and goes within the minute is reported once, and so is its end", () => {
  const failing = createFailingTargets();
  expect(failing.failed("a", "E_DOWN", 0)).toBeDefined();
  expect(failing.succeeded("a", 100)).toEqual({ failures: 1, forMs: 100 });
  expect(failing.failed("a", "E_DOWN", 200)).toBeUndefined();
  expect(failing.succeeded("a", 300)).toBeUndefined();
});

test("the end is reported only when the last query has recovered, and success without a failure is no end", () => {
  const failing = createFailingTargets();
  expect(failing.succeeded("a", 0)).toBeUndefined();
  failing.failed("a", "E_DOWN", 0);
  failing.failed("b", "E_DOWN", 0);
  expect(failing.succeeded("a", 10)).toBeUndefined();
  expect(failing.succeeded("a", 20)).toBeUndefined();
  expect(failing.succeeded("b", 30)).toEqual({ failures: 2, forMs: 30 });
});

test("queries that are given up are no longer failing", () => {
  const failing = createFailingTargets();
  failing.failed("a", "E_DOWN", 0);
  failing.failed("b", "E_DOWN", 0);
  expect(failing.forget(50)).toEqual({ failures: 2, forMs: 50 });
  expect(failing.consecutiveFailures).toBe(0);
  expect(failing.forget(60)).toBeUndefined();
});
