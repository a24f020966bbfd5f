import { describe, expect, test } from "vitest";
import { type CatalogCondition, judgeRemovals } from "../../../src/core/removals/guard.ts";
import type { Hold } from "../../../src/core/removals/hold.ts";
import type { ResourceKey } from "../../../src/core/traefik/chart/dynamic-config.ts";
import { NOW_MS, settings } from "../../builders/world.ts";

function names(count: number): readonly ResourceKey[] {
  return Array.from({ length: count }, (_, i) => `http/routers/r${i}` as const);
}

interface Situation {
  readonly removed: readonly ResourceKey[];
  readonly removedLately: readonly ResourceKey[];
  readonly served: number;
  readonly snapshot: CatalogCondition;
  readonly hold: Hold;
  readonly nowMs: number;
}

/** What is held of one catalog, live and with a hundred routers other than stated. */
function judge(situation: Partial<Situation>): Hold | undefined {
  const { removed = [], removedLately = [], served = 100, snapshot = LIVE, hold, nowMs = NOW_MS } = situation;
  const [held] = judgeRemovals({
    removed,
    removedLately,
    served: names(served),
    catalogs: [snapshot],
    catalogOf: () => snapshot,
    serviceOf: () => undefined,
    holds: hold === undefined ? [] : [hold],
    settings: settings().guard,
    nowMs,
  });
  return held;
}

const LIVE: CatalogCondition = { freshness: "live" };

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
  ])("%s (%d of %d) is held: %j", (_, removed, served, isHeld) => {
    expect(judge({ removed: names(removed), served })?.kind).toBe(isHeld ? "mass-removal" : undefined);
  });

  test.each<[string, number, number, number, boolean]>([
    ["3 of 10, then 3 of the 7 that are left", 3, 3, 7, true],
    ["what has left already was a mass by itself", 31, 1, 69, true],
    ["together exactly 30 %", 3, 3, 17, false],
    ["together no more than 5", 3, 2, 7, false],
    ["nothing more leaves", 31, 0, 69, false],
  ])("in instalments: %s (%d before, now %d of %d) is held: %j", (_, before, removed, served, isHeld) => {
    const hold = judge({ removedLately: names(100).slice(100 - before), removed: names(removed), served });
    expect(hold?.kind).toBe(isHeld ? "mass-removal" : undefined);
    if (isHeld) expect(hold?.routers).toEqual(names(removed));
  });

  test("ends when the time is over and a consistent read says the same then", () => {
    const over = { removed: names(50), hold: massHold(names(50)) };
    expect(judge({ ...over, snapshot: { freshness: "live", confirmedAtMs: NOW_MS } })).toBeUndefined();
  });

  test("goes on for as long as nothing has confirmed it, or only a read before the time was over", () => {
    const over = { removed: names(50), hold: massHold(names(50)), nowMs: NOW_MS + 3_600_000 };
    expect(judge(over)?.kind).toBe("mass-removal");
    for (const confirmedAtMs of [NOW_MS - 10_001, NOW_MS - 10_000, NOW_MS - 1]) {
      expect(judge({ ...over, snapshot: { freshness: "live", confirmedAtMs } })?.kind).toBe("mass-removal");
    }
  });

  test("keeps its beginning, so that it ends", () => {
    expect(judge({ removed: names(50), hold: massHold(names(50)) })?.sinceMs).toBe(NOW_MS - 10_000);
  });

  test("holds the rest also when the others have come back and it is no mass any more", () => {
    const hold = judge({ removed: ["http/routers/r1"], hold: massHold(names(50)) });
    expect(hold).toMatchObject({ kind: "mass-removal", routers: ["http/routers/r1"], sinceMs: NOW_MS - 10_000 });
  });

  test("does not hold who leaves singly meanwhile", () => {
    expect(judge({ removed: ["http/routers/r1", "http/routers/other"], hold: massHold(names(50)) })?.routers).toEqual([
      "http/routers/r1",
    ]);
  });
});

describe("a catalog that is not itself", () => {
  test("holds everything for as long as the stored slice stands in, without an end", () => {
    const hold = judge({ removed: ["http/routers/a"], snapshot: { freshness: "stored" } });
    expect(hold).toEqual({ kind: "source-away", routers: ["http/routers/a"], sinceMs: NOW_MS });
  });

  test("holds everything for the reset hold after its index fell back, also a single router", () => {
    const snapshot = { freshness: "live", indexResetAtMs: NOW_MS } as const;
    const hold = judge({ removed: ["http/routers/a"], snapshot });
    expect(hold).toMatchObject({ kind: "catalog-reset", routers: ["http/routers/a"], endsAtMs: NOW_MS + 300_000 });
    expect(judge({ removed: ["http/routers/a"], snapshot, nowMs: NOW_MS + 299_999 })?.kind).toBe("catalog-reset");
    expect(judge({ removed: ["http/routers/a"], snapshot, nowMs: NOW_MS + 300_000 })).toBeUndefined();
  });

  test("holds everything for as long as it is blind, and says by what that is seen", () => {
    const blind = { sinceMs: NOW_MS - 1, reason: "the token reads nothing" };
    const snapshot = { freshness: "live", blind, indexResetAtMs: NOW_MS } as const;
    expect(judge({ removed: ["http/routers/a"], snapshot, nowMs: NOW_MS + 86_400_000 })).toEqual({
      kind: "blind",
      reason: "the token reads nothing",
      routers: ["http/routers/a"],
      sinceMs: NOW_MS + 86_400_000,
    });
  });
});

describe("a catalog that is no longer blind", () => {
  const blind: Hold = { kind: "blind", reason: "no-servers", routers: names(50), sinceMs: NOW_MS - 60_000 };

  test("has whoever is still missing held as a mass removal is, however few they are", () => {
    const hold = judge({ removed: ["http/routers/r1"], hold: blind });
    const held = { routers: ["http/routers/r1"], sinceMs: NOW_MS, endsAtMs: NOW_MS + 10_000 };
    expect(hold).toEqual({ kind: "mass-removal", ...held });
    const confirmed: CatalogCondition = { freshness: "live", confirmedAtMs: NOW_MS };
    expect(judge({ removed: ["http/routers/r1"], hold: blind, snapshot: confirmed })?.kind).toBe("mass-removal");
  });

  test("loses at once who leaves only now", () => {
    expect(judge({ removed: ["http/routers/r60"], hold: blind })).toBeUndefined();
  });
});

describe("of several catalogs", () => {
  const A: CatalogCondition = { catalogName: "a", freshness: "live" };
  const B: CatalogCondition = { catalogName: "b", freshness: "live" };

  /** Routers r0 … r9 are of the first catalog, r10 … r99 of the second, any other of nobody. */
  function holdsOf(
    removed: readonly ResourceKey[],
    catalogs: readonly CatalogCondition[] = [A, B],
    holds: Hold[] = [],
    removedLately: readonly ResourceKey[] = [],
  ) {
    const held = judgeRemovals({
      removed,
      removedLately,
      served: names(100).filter((router) => !removedLately.includes(router)),
      catalogs,
      catalogOf(router) {
        if (/r\d$/.test(router)) return catalogs.find(({ catalogName }) => catalogName === "a");
        return /r\d\d$/.test(router) ? catalogs.find(({ catalogName }) => catalogName === "b") : undefined;
      },
      serviceOf: () => undefined,
      holds,
      settings: settings().guard,
      nowMs: NOW_MS,
    });
    return held.map(({ catalogName, kind, routers }) => `${catalogName} ${kind} ${routers.length}`);
  }

  test.each<[string, number, number, readonly string[]]>([
    ["one loses a few of its many", 0, 27, []],
    ["one loses much of its own, though little of the whole", 6, 0, ["a mass-removal 6"]],
    ["one loses its last", 10, 0, ["a mass-removal 10"]],
    [
      "together they lose much of the whole, though neither much of its own",
      5,
      26,
      ["a mass-removal 5", "b mass-removal 26"],
    ],
  ])("%s (%d and %d)", (_, ofA, ofB, held) => {
    expect(holdsOf([...names(ofA), ...names(10 + ofB).slice(10)])).toEqual(held);
  });

  test("instalments are counted for the catalog that they are of, and for all", () => {
    const leaving: ResourceKey[] = ["http/routers/r0", "http/routers/r99"];
    expect(holdsOf(leaving, [A, B], [], names(6).slice(1))).toEqual(["a mass-removal 1"]);
    expect(holdsOf(["http/routers/r0"], [A, B], [], names(10 + 26).slice(10))).toEqual([]);
    expect(holdsOf(leaving, [A, B], [], names(10 + 26).slice(6))).toEqual(["a mass-removal 1", "b mass-removal 1"]);
    const away: CatalogCondition = { ...B, freshness: "unread" };
    expect(holdsOf(["http/routers/r0"], [A, away], [], names(10 + 60).slice(10))).toEqual([]);
  });

  test("one that is away is held alone, and takes no part in what is much of the whole", () => {
    const away: CatalogCondition = { ...B, freshness: "unread" };
    expect(holdsOf(names(100).slice(9), [A, away])).toEqual(["b source-away 90"]);
    expect(holdsOf(["http/routers/r1"], [A, away])).toEqual([]);
  });

  test("each has its own hold, and is confirmed by itself", () => {
    const held = (catalogName: string): Hold => ({ ...massHold(names(100)), catalogName });
    const confirmed: CatalogCondition = { ...A, confirmedAtMs: NOW_MS };
    const leaving = names(100);
    expect(holdsOf(leaving, [confirmed, B], [held("a"), held("b")])).toEqual(["b mass-removal 90"]);
  });

  test("routers of nobody are held with the catalog that shows a sign: it may have had them", () => {
    const reset: CatalogCondition = { ...B, indexResetAtMs: NOW_MS };
    expect(holdsOf(["http/routers/orphan"], [A, reset])).toEqual(["b catalog-reset 1"]);
    expect(holdsOf(["http/routers/orphan"])).toEqual([]);
  });
});
