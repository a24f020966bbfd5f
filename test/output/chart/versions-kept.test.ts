import fc from "fast-check";
import { expect, test } from "vitest";
import { versionsToDrop } from "../../../src/output/chart/versions-kept.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const KEEP = {
  newest: 10,
  older: [
    { everyMs: HOUR_MS, forMs: DAY_MS },
    { everyMs: DAY_MS, forMs: 7 * DAY_MS },
  ],
};

/** What is left when a version is kept at each of these times, one after the other. */
function left(timesMs: readonly number[]): ReadonlyMap<number, number> {
  const versions = new Map<number, number>();
  timesMs.forEach((timeMs, index) => {
    versions.set(index + 1, timeMs);
    for (const number of versionsToDrop(versions, KEEP, timeMs)) versions.delete(number);
  });
  return versions;
}

test("however often charts change, the last ten, one for each hour and one for each day are left", () => {
  const gaps = fc.array(fc.constantFrom(1_000, 60_000, HOUR_MS / 3, 5 * HOUR_MS, 30 * HOUR_MS), { maxLength: 200 });
  fc.assert(
    fc.property(gaps, (gapsMs) => {
      const timesMs: number[] = [];
      for (const gapMs of gapsMs) timesMs.push((timesMs.at(-1) ?? 1_000 * DAY_MS) + gapMs);
      const nowMs = timesMs.at(-1) ?? 0;
      const versions = left(timesMs);
      expect(versions.size).toBeLessThanOrEqual(10 + 25 + 8);
      for (const timeMs of timesMs.slice(-10)) expect([...versions.values()]).toContain(timeMs);
      for (const { everyMs, forMs } of KEEP.older) {
        const spanOf = (timeMs: number) => Math.floor(timeMs / everyMs);
        const lastOf = new Map(timesMs.map((timeMs) => [spanOf(timeMs), timeMs]));
        for (const timeMs of lastOf.values()) {
          if (nowMs - timeMs < forMs) expect([...versions.values()]).toContain(timeMs);
        }
      }
    }),
  );
});

test("what is older than the longest span goes, but for the last ten", () => {
  const old = Array.from({ length: 30 }, (_, index) => 1_000 * DAY_MS + index * 2 * DAY_MS);
  expect([...left(old).keys()]).toEqual([21, 22, 23, 24, 25, 26, 27, 28, 29, 30]);
});
