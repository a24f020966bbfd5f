import { describe, expect, test } from "vitest";
import type { CatalogSnapshot } from "../../../src/core/catalog/snapshot.ts";
import type { Decision } from "../../../src/core/decision.ts";
import { initialMemory } from "../../../src/core/memory.ts";
import { partlyReleasedHolds } from "../../../src/core/removals/hold.ts";
import { releaseHolds } from "../../../src/core/removals/release.ts";
import { allReleased, instance, NOW_MS, pass, settings, snapshot } from "../../builders/world.ts";

const GRACE_MS = settings().routes.zeroInstanceGraceMs;
const BLIND: Partial<CatalogSnapshot> = { blind: { sinceMs: NOW_MS, reason: "an empty list" } };

function serving(...names: readonly string[]) {
  return names.map((service, at) => instance({ service, id: service, port: 24_001 + at }));
}

/** Everything has vanished from a blind catalog, and a person says that it is so. */
function releasedFromBlind() {
  const before = pass(serving("a", "b"));
  const held = pass([], { previous: before.memory, snapshots: [snapshot([], BLIND)] });
  return { held, memory: allReleased(held.memory) };
}

describe("what is released by hand", () => {
  test("answers 503 for the grace, and goes after it although the catalog is still blind", () => {
    const { held, memory } = releasedFromBlind();
    expect(held.memory.removals.holds.map(({ kind }) => kind)).toEqual(["blind"]);
    const next = pass([], { previous: memory, snapshots: [snapshot([], BLIND)] });
    expect(next.changes.map(({ kind, router }) => `${kind} ${router}`)).toEqual(["emptied a", "emptied b"]);
    expect(next.memory.removals.holds).toEqual([]);
    const last = pass([], { previous: next.memory, snapshots: [snapshot([], BLIND)], nowMs: NOW_MS + GRACE_MS });
    expect(last.chart["http/routers"].size).toBe(0);
    expect(last.memory.removals.released.size).toBe(0);
  });

  test("is held again when it has come back meanwhile and vanishes once more", () => {
    const { memory } = releasedFromBlind();
    const back = pass(serving("a", "b"), { previous: memory });
    const gone = pass([], { previous: back.memory, snapshots: [snapshot([], BLIND)] });
    expect(gone.memory.removals.holds).toMatchObject([
      { kind: "blind", routers: ["http/routers/a", "http/routers/b"] },
    ]);
  });

  test("takes nobody along who departs later for the same reason", () => {
    const before = pass(serving("a", "b"));
    const held = pass([], { previous: before.memory, snapshots: [snapshot(serving("a"), BLIND)] });
    const memory = allReleased(held.memory);
    const next = pass([], { previous: memory, snapshots: [snapshot([], BLIND)] });
    expect(next.memory.removals.holds).toMatchObject([{ kind: "blind", routers: ["http/routers/a"] }]);
    expect([...next.memory.removals.leftAtMs.keys()]).toEqual(["http/routers/b"]);
  });

  test("is nothing of a catalog that has not answered since the start", () => {
    const before = pass(serving("a"));
    const stored = { snapshots: [snapshot([], { freshness: "stored" })] };
    const { memory } = pass([], { ...stored, previous: before.memory });
    expect(memory.removals.holds.map(({ kind }) => kind)).toEqual(["source-away"]);
    expect(allReleased(memory).removals).toBe(memory.removals);
  });
});

describe("single routers of a hold", () => {
  const names = Array.from({ length: 12 }, (_, at) => `s${String(at).padStart(2, "0")}`);
  const key = (name: string) => `http/routers/${name}` as const;
  const held = ({ memory }: Pick<Decision, "memory">) => memory.removals.holds.flatMap(({ routers }) => routers);
  const emptied = ({ memory }: Pick<Decision, "memory">) => [...memory.removals.leftAtMs.keys()];

  /** All vanish at once, and an operator lets the first go. */
  function oneReleased(condition: Partial<CatalogSnapshot> = {}) {
    const before = pass(serving(...names));
    const mass = pass([], { previous: before.memory, snapshots: [snapshot([], condition)] });
    expect(held(mass)).toEqual(names.map(key));
    const [hold] = mass.memory.removals.holds;
    if (hold === undefined) throw new Error("nothing is held");
    const removals = releaseHolds(mass.memory.removals, [{ ...hold, routers: [key("s00")] }]);
    return { memory: { ...mass.memory, removals }, hold };
  }

  test.each([
    ["a mass removal", {}],
    ["a blind catalog", BLIND],
    ["a catalog whose index fell back", { indexResetAtMs: NOW_MS }],
  ])("go alone, and the others of %s stay held, since when they were", (_, condition) => {
    const { memory, hold } = oneReleased(condition);
    const next = pass([], { previous: memory, snapshots: [snapshot([], condition)], nowMs: NOW_MS + 1_000 });
    expect(emptied(next)).toEqual([key("s00")]);
    expect(held(next)).toEqual(names.slice(1).map(key));
    expect(next.memory.removals.holds).toMatchObject([{ kind: hold.kind, sinceMs: hold.sinceMs }]);
  });

  test("go one after the other, until too few are left for a hold: those stay held all the same", () => {
    let { memory } = oneReleased();
    for (const name of names.slice(1, 10)) {
      const [hold] = memory.removals.holds;
      if (hold === undefined) throw new Error("nothing is held");
      const removals = releaseHolds(memory.removals, [{ ...hold, routers: [key(name)] }]);
      memory = pass([], { previous: { ...memory, removals } }).memory;
    }
    expect(held({ memory })).toEqual([key("s10"), key("s11")]);
    expect(emptied({ memory }).sort()).toEqual(names.slice(0, 10).map(key));
  });

  test("leave the others held over a restart, also while the catalog does not answer at first", () => {
    const { memory } = oneReleased();
    const last = pass([], { previous: memory });
    const two = last.memory.removals.holds.map((hold) => ({ ...hold, routers: hold.routers.slice(0, 9) }));
    const kept = pass([], { previous: { ...last.memory, removals: releaseHolds(last.memory.removals, two) } });
    expect(held(kept)).toEqual([key("s10"), key("s11")]);
    const restarted = initialMemory(kept.chart, {
      ...kept.memory,
      removals: { ...kept.memory.removals, holds: partlyReleasedHolds(kept.memory.removals.holds) },
    });
    expect(held(pass([], { previous: restarted }))).toEqual([key("s10"), key("s11")]);
    const away = pass([], { previous: restarted, snapshots: [snapshot([], { freshness: "stored" })] });
    expect(held(pass([], { previous: away.memory }))).toEqual(expect.arrayContaining([key("s10"), key("s11")]));
  });

  test("that are held by other settings leave the others held as well", () => {
    const before = pass(serving("a", "b"), { settings: settings({ compat: "none" }) });
    const removals = { ...before.memory.removals, provenance: { settings: "other", sources: new Map() } };
    const narrow = settings({ ports: { dynamic: "30000-30001" } });
    const changed = pass(serving("a", "b"), { previous: { ...before.memory, removals }, settings: narrow });
    expect(changed.memory.removals.holds.map(({ kind }) => kind)).toEqual(["settings-change"]);
    const [hold] = changed.memory.removals.holds;
    if (hold === undefined) throw new Error("nothing is held");
    const released = releaseHolds(changed.memory.removals, [{ ...hold, routers: [key("a")] }]);
    const next = pass(serving("a", "b"), { previous: { ...changed.memory, removals: released }, settings: narrow });
    expect(held(next)).toEqual([key("b")]);
  });
});
