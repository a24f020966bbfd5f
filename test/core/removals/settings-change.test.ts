import { describe, expect, test } from "vitest";
import type { CatalogSnapshot, ServiceInstance } from "../../../src/core/catalog/snapshot.ts";
import type { Decision } from "../../../src/core/decision.ts";
import { initialMemory, type Memory } from "../../../src/core/memory.ts";
import { lastingHolds } from "../../../src/core/removals/hold.ts";
import type { CoreSettings } from "../../../src/core/settings.ts";
import { allReleased, instance, NOW_MS, pass, settings, snapshot } from "../../builders/world.ts";

const GRACE_MS = settings().routes.zeroInstanceGraceMs;

function written(id: string, content: Readonly<Record<string, unknown>> = {}): CoreSettings {
  return { ...settings(content), id };
}

const OLD = written("old");
/** Only ports up to 25000 are routed. */
const NARROW = written("narrow", { ports: { dynamic: "20000-25000" } });

const [low, high] = [24_001, 26_001].map((port) => instance({ service: `port-${port}`, id: `port-${port}`, port })) as [
  ServiceInstance,
  ServiceInstance,
];

const routers = ({ chart }: Decision) => [...chart["http/routers"].keys()];
const kinds = ({ memory }: Pick<Decision, "memory">) => memory.removals.holds.map(({ kind }) => kind);

/** What a restart leaves of the memory. */
function restarted(memory: Memory): Memory {
  const removals = { ...memory.removals, holds: lastingHolds(memory.removals.holds) };
  return initialMemory(memory.chart.published, { ...memory, removals });
}

describe("settings that would take routes away", () => {
  const original = () => pass([low, high], { settings: OLD });
  const held = () => pass([low, high], { previous: original().memory, settings: NARROW });

  test("take nothing away until a person says so; then it goes like anything that leaves", () => {
    expect(routers(held())).toEqual(["port-24001", "port-26001"]);
    expect(held().memory.removals.holds).toEqual([
      { kind: "settings-change", routers: ["http/routers/port-26001"], sinceMs: NOW_MS },
    ]);
    expect(held().text).toContain(":26001");
    const memory = allReleased(held().memory);
    const next = pass([low, high], { previous: memory, settings: NARROW });
    expect(kinds(next)).toEqual([]);
    expect(next.text).not.toContain(":26001");
    const last = pass([low, high], { previous: next.memory, settings: NARROW, nowMs: NOW_MS + GRACE_MS });
    expect(routers(last)).toEqual(["port-24001"]);
  });

  test("hold for as long as it takes, whatever else happens", () => {
    const later = pass([{ ...low, port: 24_009 }, high], {
      previous: held().memory,
      settings: NARROW,
      nowMs: NOW_MS + 86_400_000,
    });
    expect(kinds(later)).toEqual(["settings-change"]);
    expect(later.text).toContain(":24009");
    expect(later.text).toContain(":26001");
  });

  test("let go what the catalog itself takes away, then as ever", () => {
    const shop = instance({ service: "shop", id: "shop", port: 24_005 });
    const all = pass([low, high, shop], { settings: OLD });
    const gone = pass([low, high], { previous: all.memory, settings: NARROW });
    expect(gone.memory.removals.holds).toMatchObject([
      { kind: "settings-change", routers: ["http/routers/port-26001"] },
    ]);
    expect([...gone.memory.removals.leftAtMs.keys()]).toEqual(["http/routers/shop"]);
    const later = pass([high], { previous: held().memory, settings: NARROW });
    expect(later.memory.removals.holds).toMatchObject([
      { kind: "settings-change", routers: ["http/routers/port-26001"] },
    ]);
    expect([...later.memory.removals.leftAtMs.keys()]).toEqual(["http/routers/port-24001"]);
  });

  test("are forgotten when the old settings are back", () => {
    const back = pass([low, high], { previous: held().memory, settings: OLD });
    expect(kinds(back)).toEqual([]);
    expect(routers(back)).toEqual(["port-24001", "port-26001"]);
  });

  test("are found at a restart as well, and a hold survives the next one", () => {
    const stored = { freshness: "stored" } as const;
    const first = pass([low, high], { previous: restarted(original().memory), settings: NARROW, snapshot: stored });
    const second = pass([{ ...low }, { ...high }], { previous: first.memory, settings: NARROW });
    expect(kinds(second)).toEqual(["settings-change"]);
    const third = pass([low, high], { previous: restarted(second.memory), settings: NARROW });
    expect(kinds(third)).toEqual(["settings-change"]);
    expect(third.text).toContain(":26001");
  });

  test("that say the same in other words are none", () => {
    const same = pass([low, high], { previous: original().memory, settings: written("other words") });
    expect(kinds(same)).toEqual([]);
    const gone = pass([low], { previous: same.memory, settings: written("other words") });
    expect(kinds(gone)).toEqual([]);
    expect([...gone.memory.removals.leftAtMs.keys()]).toEqual(["http/routers/port-26001"]);
  });

  test("are not to blame for an instance that changes its tags, or fails, at the same time", () => {
    const hidden = { ...high, tags: [] };
    expect(kinds(pass([low, hidden], { previous: original().memory, settings: NARROW }))).toEqual([]);
    const failing = { ...high, checks: [{ id: "http", name: "http", status: "critical" }] };
    expect(kinds(pass([low, failing], { previous: original().memory, settings: written("new") }))).toEqual([]);
  });

  test("hold a single router of a service that keeps others, too", () => {
    const tags = [
      "traefik.enable=true",
      "traefik.http.routers.in.rule=Host(`in.test`)",
      "traefik.http.routers.out.rule=Host(`out.test`)",
      "traefik.http.routers.out.entrypoints=public",
    ];
    const both = instance({ service: "both", id: "both", port: 24_010, tags });
    const one = pass([both], { settings: OLD });
    const declared = written("declared", { traefik: { entryPoints: ["web"] } });
    const two = pass([both], { previous: one.memory, settings: declared });
    expect(two.memory.removals.holds).toMatchObject([{ kind: "settings-change", routers: ["http/routers/out"] }]);
    expect(routers(two)).toEqual(["in", "out"]);
    const released = allReleased(two.memory);
    expect(routers(pass([both], { previous: released, settings: declared }))).toEqual(["in"]);
  });

  test("whose age nobody knows hold nothing", () => {
    const unknown = initialMemory(original().chart, undefined);
    expect(kinds(pass([low, high], { previous: unknown, settings: NARROW }))).toEqual([]);
  });

  test("do not count with compat: traefik", () => {
    const like = { ...settings({ compat: "traefik", ports: { dynamic: "20000-25000" } }), id: "like" };
    expect(kinds(pass([low], { previous: original().memory, settings: like }))).toEqual([]);
  });
});

describe("a catalog that is read from somewhere else", () => {
  const THERE = { source: "http://127.0.0.1:8500 dc2" } satisfies Partial<CatalogSnapshot>;

  test("takes nothing away that it does not have", () => {
    const before = pass([low, high], { settings: OLD });
    const moved = pass([low], { previous: before.memory, settings: OLD, snapshot: THERE });
    expect(moved.memory.removals.holds).toMatchObject([
      { kind: "settings-change", routers: ["http/routers/port-26001"] },
    ]);
    const later = pass([], { previous: moved.memory, settings: OLD, snapshot: THERE });
    expect(kinds(later)).toEqual(["settings-change"]);
    expect([...later.memory.removals.leftAtMs.keys()]).toEqual(["http/routers/port-24001"]);
  });

  test("is none as long as it has not answered", () => {
    const before = pass([low, high], { settings: OLD });
    const silent = pass([], { previous: before.memory, settings: OLD, snapshot: { ...THERE, freshness: "stored" } });
    expect(kinds(silent)).toEqual(["source-away"]);
    const heard = pass([low], { previous: silent.memory, settings: OLD, snapshot: THERE });
    expect(heard.memory.removals.holds[0]).toMatchObject({
      kind: "settings-change",
      routers: ["http/routers/port-26001"],
    });
  });

  test("as one of several, or left out of them, is held for its own routers only", () => {
    const one = snapshot([low], { catalogName: "one", source: "a" });
    const two = snapshot([high], { catalogName: "two", source: "b" });
    const before = pass([], { snapshots: [one, two], settings: OLD });
    const moved = pass([], {
      previous: before.memory,
      snapshots: [one, { ...two, instances: [], source: "c" }],
      settings: OLD,
    });
    expect(moved.memory.removals.holds).toMatchObject([
      { kind: "settings-change", routers: ["http/routers/port-26001"] },
    ]);
    const names = ["one"];
    const left = { ...restarted(before.memory), owners: initialMemory(before.chart, before.memory, names).owners };
    const alone = pass([], { previous: left, snapshots: [one], settings: OLD });
    expect(alone.memory.removals.holds).toMatchObject([
      { kind: "settings-change", routers: ["http/routers/port-26001"] },
    ]);
  });
});
