import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { paced } from "../../../src/app/allocations/paced.ts";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "setImmediate", "performance"] });
});
afterEach(() => {
  vi.useRealTimers();
});

test("what is asked for a hundred times at once is done once, in the next turn", () => {
  let times = 0;
  const ask = paced(() => {
    times += 1;
  });
  for (let time = 0; time < 100; time += 1) ask();
  expect(times).toBe(0);
  vi.advanceTimersByTime(0);
  expect(times).toBe(1);
});

test("a few changes are looked at without a pause, thousands for a fifth of the time", () => {
  let nowMs = 0;
  let times = 0;
  const ask = paced(
    () => {
      times += 1;
      nowMs += 20;
    },
    () => nowMs,
  );
  for (let time = 0; time < 10; time += 1) {
    ask();
    vi.advanceTimersByTime(0);
  }
  expect(times).toBe(10);
  for (; nowMs < 20_000; nowMs += 1) {
    ask();
    vi.advanceTimersByTime(1);
  }
  expect(times * 20).toBeLessThan(0.25 * 20_000 + 500);
  expect(times * 20).toBeGreaterThan(0.1 * 20_000);
});
