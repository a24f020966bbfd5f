import { describe, expect, test } from "vitest";
import type { CatalogSnapshot } from "../../../src/core/catalog/snapshot.ts";
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
