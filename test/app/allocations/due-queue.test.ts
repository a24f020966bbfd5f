import { expect, test } from "vitest";
import { createDueQueue } from "../../../src/app/allocations/due-queue.ts";

test("what is due is taken once, the earliest first, and no more of it than is wanted", () => {
  const queue = createDueQueue();
  queue.put("late", 5_000);
  queue.put("early", 1_000);
  queue.put("never", Number.POSITIVE_INFINITY);
  expect(queue.nextAtMs()).toBe(1_000);
  expect(queue.take(999, 10)).toEqual([]);
  expect(queue.take(5_000, 1)).toEqual(["early"]);
  expect(queue.take(5_000, 10)).toEqual(["late"]);
  expect(queue.take(Number.MAX_SAFE_INTEGER, 10)).toEqual([]);
  expect(queue.nextAtMs()).toBe(Number.POSITIVE_INFINITY);
});

test("an id is due at the time that was said last, or not at all", () => {
  const queue = createDueQueue();
  queue.put("a", 1_000);
  queue.put("a", 3_000);
  queue.put("b", 2_000);
  queue.remove("b");
  expect(queue.take(2_999, 10)).toEqual([]);
  queue.put("a", 500);
  expect(queue.take(3_000, 10)).toEqual(["a"]);
  queue.put("a", 1_000);
  queue.put("a", Number.POSITIVE_INFINITY);
  expect(queue.take(3_000, 10)).toEqual([]);
});
