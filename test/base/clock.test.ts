import { expect, test, vi } from "vitest";
import { systemClock } from "../../src/base/clock.ts";

test("the clock starts from the wall clock and goes on evenly when that is set back", () => {
  expect(Math.abs(systemClock.nowMs() - Date.now())).toBeLessThan(60_000);
  const beforeMs = systemClock.nowMs();
  const wall = vi.spyOn(Date, "now").mockReturnValue(beforeMs - 3_600_000);
  expect(Date.now()).toBeLessThan(beforeMs);
  expect(systemClock.nowMs()).toBeGreaterThanOrEqual(beforeMs);
  wall.mockRestore();
});
