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

test("a sleep ends at its time, or with the signal, and leaves nothing at a signal that lives on", async () => {
  const living = new AbortController();
  const [add, remove] = [vi.spyOn(living.signal, "addEventListener"), vi.spyOn(living.signal, "removeEventListener")];
  await systemClock.sleep(1, living.signal);
  await systemClock.sleep(1);
  expect(add).toHaveBeenCalledTimes(1);
  expect(remove).toHaveBeenCalledTimes(1);
  const asleep = systemClock.sleep(3_600_000, living.signal);
  living.abort();
  await asleep;
  await systemClock.sleep(3_600_000, living.signal);
});
