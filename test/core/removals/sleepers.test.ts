import { describe, expect, test } from "vitest";
import type { ServiceInstance } from "../../../src/core/catalog/snapshot.ts";
import { MOST_ASLEEP, MOST_ASLEEP_MS, withoutSleepers } from "../../../src/core/removals/sleepers.ts";
import { instance, NOW_MS, pass, settings } from "../../builders/world.ts";

const GRACE_MS = settings().routes.zeroInstanceGraceMs;
const KEEP = ["traefik.enable=true", "portolan.keep=true"];
/** So many that nothing which leaves here is a mass. */
const OTHERS = Array.from({ length: 400 }, (_, n) => instance({ service: `other-${n}`, id: "o", port: 24_400 + n }));
const UNGUARDED = settings({ guard: { removalCount: 100_000 } });

function keeping(service: string, overrides: Partial<ServiceInstance> = {}): ServiceInstance {
  return instance({ service, id: service, tags: KEEP, ...overrides });
}

function flood(count: number, node = "node-1"): readonly ServiceInstance[] {
  return Array.from({ length: count }, (_, n) => keeping(`flood-${node}-${n}`, { node, port: 25_000 + (n % 5_000) }));
}

/** The catalog's states one after the other, each at its time; what is published at the end. */
function played(...steps: readonly (readonly [atMs: number, ...services: readonly ServiceInstance[]])[]) {
  let decision = pass(OTHERS, { settings: UNGUARDED });
  for (const [atMs, ...services] of steps) {
    const input = { previous: decision.memory, settings: UNGUARDED, nowMs: NOW_MS + atMs };
    decision = pass([...OTHERS, ...services], input);
  }
  return decision;
}

function keptOf({ chart }: ReturnType<typeof pass>, start: string): number {
  return [...chart["http/routers"].keys()].filter((name) => name.startsWith(start)).length;
}

describe("services that ask to be kept and leave", () => {
  const DAY_MS = 24 * 3_600_000;

  test("are kept beyond the grace, for a week, and no longer", () => {
    const asleep = [[0, keeping("shop")], [1_000], [GRACE_MS + 2_000]] as const;
    expect(keptOf(played(...asleep), "shop")).toBe(1);
    expect(keptOf(played(...asleep, [MOST_ASLEEP_MS]), "shop")).toBe(1);
    expect(keptOf(played(...asleep, [MOST_ASLEEP_MS + 1_000]), "shop")).toBe(0);
  });

  test("do not fill the chart: of thousands that were there for a second, a bound for each node is kept", () => {
    const decision = played([0, ...flood(2_000)], [1_000], [GRACE_MS + 2_000]);
    expect(keptOf(decision, "flood")).toBe(MOST_ASLEEP.ofNode);
    expect(decision.memory.removals.sleepers.size).toBe(MOST_ASLEEP.ofNode);
    const first = played([0, ...flood(200)], [1_000]);
    const refused = first.diagnostics.filter(({ code }) => code === "BUDGET_EXCEEDED");
    expect(refused).toHaveLength(100);
    expect(refused[0]?.remedy).toMatch(/^name the service in the settings: routes: { keep: \["flood-node-1-/);
  });

  test("are bounded over all nodes of a catalog, too", () => {
    const nodes = Array.from({ length: 20 }, (_, n) => flood(MOST_ASLEEP.ofNode, `n${n}`)).flat();
    expect(keptOf(played([0, ...nodes], [1_000], [GRACE_MS + 2_000]), "flood")).toBe(MOST_ASLEEP.ofCatalog);
  });

  test("give way to none that asked for a shorter time, whichever leaves first", () => {
    const shop = keeping("shop");
    const after = played([0, shop], [DAY_MS, ...flood(500)], [DAY_MS + 1_000], [DAY_MS + GRACE_MS + 2_000]);
    expect(keptOf(after, "shop")).toBe(1);
    const before = played(
      [0, shop],
      [1_000, shop, ...flood(500)],
      [2_000, shop],
      [DAY_MS],
      [DAY_MS + GRACE_MS + 2_000],
    );
    expect(keptOf(before, "shop")).toBe(1);
    expect(keptOf(before, "flood")).toBe(MOST_ASLEEP.ofNode - 1);
  });

  test("end by an instance without the tag, and by an operator", () => {
    const without = keeping("shop", { tags: ["traefik.enable=true"] });
    const ended = played([0, keeping("shop")], [1_000], [2_000, without], [3_000], [GRACE_MS + 4_000]);
    expect(keptOf(ended, "shop")).toBe(0);
    const { memory } = played([0, keeping("shop")], [1_000], [GRACE_MS + 2_000]);
    const removals = withoutSleepers(memory.removals, memory.owners);
    const input = { previous: { ...memory, removals }, settings: UNGUARDED, nowMs: NOW_MS + GRACE_MS + 3_000 };
    const byHand = pass(OTHERS, input);
    expect(keptOf(byHand, "shop")).toBe(0);
    expect(byHand.changes).toMatchObject([{ kind: "removed", why: { kind: "ended-by-hand" } }]);
  });

  test("are kept while they are registered and unhealthy, however long that is", () => {
    const checks = [{ id: "up", name: "up", status: "critical" }];
    const sick = keeping("shop", { checks });
    expect(keptOf(played([0, keeping("shop")], [1_000, sick], [MOST_ASLEEP_MS * 2, sick]), "shop")).toBe(1);
  });

  test("have not left while their removal is held: none of them is over a bound, and all are as before when they are back", () => {
    const there = flood(200);
    const before = pass([...OTHERS, ...there]);
    const held = pass(OTHERS, { previous: before.memory, nowMs: NOW_MS + 1_000 });
    expect(held.memory.removals.holds.map(({ kind }) => kind)).toEqual(["mass-removal"]);
    expect(held.diagnostics.filter(({ code }) => code === "BUDGET_EXCEEDED")).toEqual([]);
    const back = pass([...OTHERS, ...there], { previous: held.memory, nowMs: NOW_MS + 2_000 });
    expect(new Set(back.memory.removals.sleepers)).toEqual(new Set(before.memory.removals.sleepers));
  });

  test("are not kept where they have withdrawn their routes", () => {
    const hidden = keeping("shop", { tags: ["portolan.keep=true"] });
    expect(keptOf(played([0, keeping("shop")], [1_000, hidden], [2_000]), "shop")).toBe(0);
  });
});
