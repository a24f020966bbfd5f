import { describe, expect, test } from "vitest";
import type { Hold } from "../../../src/core/memory.ts";
import { type GuardInput, judgeRemoval } from "../../../src/core/policy/guard.ts";
import type { ResourceKey } from "../../../src/core/traefik/dynamic-config.ts";
import { NOW_MS, settings } from "../../builders/world.ts";

function names(count: number): readonly ResourceKey[] {
  return Array.from({ length: count }, (_, i) => `http/routers/r${i}` as const);
}

/** Nothing leaves, of a hundred, in a live catalog. */
function input(overrides: Partial<GuardInput> = {}): GuardInput {
  return {
    departing: [],
    served: 100,
    slice: { origin: "live" },
    hold: undefined,
    settings: settings().guard,
    nowMs: NOW_MS,
    ...overrides,
  };
}

function massHold(routers: readonly ResourceKey[]): Hold {
  return { kind: "mass-removal", routers, sinceMs: NOW_MS - 10_000, endsAtMs: NOW_MS };
}

describe("a mass removal", () => {
  test.each<[string, number, number, boolean]>([
    ["nothing leaves", 0, 100, false],
    ["a few of many", 30, 100, false],
    ["more than 5 and more than 30 %", 31, 100, true],
    ["exactly 30 % is not more", 6, 20, false],
    ["more than 30 % but only 5", 5, 10, false],
    ["the 6 of 10", 6, 10, true],
    ["the only one", 1, 1, true],
    ["the last two", 2, 2, true],
    ["one of two", 1, 2, false],
  ])("%s (%d of %d) is held: %j", (_, departing, served, isHeld) => {
    expect(judgeRemoval(input({ departing: names(departing), served }))?.kind).toBe(
      isHeld ? "mass-removal" : undefined,
    );
  });

  test("ends when the time is over and a consistent read says the same then", () => {
    const over = input({ departing: names(50), hold: massHold(names(50)) });
    expect(judgeRemoval({ ...over, slice: { origin: "live", confirmedAtMs: NOW_MS } })).toBeUndefined();
  });

  test("goes on for as long as nothing has confirmed it, or only a read before the time was over", () => {
    const over = input({ departing: names(50), hold: massHold(names(50)), nowMs: NOW_MS + 3_600_000 });
    expect(judgeRemoval(over)?.kind).toBe("mass-removal");
    for (const confirmedAtMs of [NOW_MS - 10_001, NOW_MS - 10_000, NOW_MS - 1]) {
      expect(judgeRemoval({ ...over, slice: { origin: "live", confirmedAtMs } })?.kind).toBe("mass-removal");
    }
  });

  test("keeps its beginning, so that it ends", () => {
    expect(judgeRemoval(input({ departing: names(50), hold: massHold(names(50)) }))?.sinceMs).toBe(NOW_MS - 10_000);
  });

  test("holds the rest also when the others have come back and it is no mass any more", () => {
    const hold = judgeRemoval(input({ departing: ["http/routers/r1"], hold: massHold(names(50)) }));
    expect(hold).toMatchObject({ kind: "mass-removal", routers: ["http/routers/r1"], sinceMs: NOW_MS - 10_000 });
  });

  test("does not hold who leaves singly meanwhile", () => {
    expect(
      judgeRemoval(input({ departing: ["http/routers/r1", "http/routers/other"], hold: massHold(names(50)) }))?.routers,
    ).toEqual(["http/routers/r1"]);
  });
});

describe("a catalog that is not itself", () => {
  test("holds everything for as long as the stored slice stands in, without an end", () => {
    const hold = judgeRemoval(input({ departing: ["http/routers/a"], slice: { origin: "stored" } }));
    expect(hold).toEqual({ kind: "source-away", routers: ["http/routers/a"], sinceMs: NOW_MS });
  });

  test("holds everything for the reset hold after its index fell back, also a single router", () => {
    const slice = { origin: "live", indexResetAtMs: NOW_MS } as const;
    const hold = judgeRemoval(input({ departing: ["http/routers/a"], slice }));
    expect(hold).toMatchObject({ kind: "catalog-reset", routers: ["http/routers/a"], endsAtMs: NOW_MS + 300_000 });
    expect(judgeRemoval(input({ departing: ["http/routers/a"], slice, nowMs: NOW_MS + 299_999 }))?.kind).toBe(
      "catalog-reset",
    );
    expect(judgeRemoval(input({ departing: ["http/routers/a"], slice, nowMs: NOW_MS + 300_000 }))).toBeUndefined();
  });
});
