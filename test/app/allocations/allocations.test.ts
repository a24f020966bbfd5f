import { afterEach, describe, expect, test } from "vitest";
import { createAllocations } from "../../../src/app/allocations/allocations.ts";
import { withAllocations } from "../../../src/app/allocations/with-allocations.ts";
import { createDeferred, type Deferred } from "../../../src/base/deferred.ts";
import type { Allocation } from "../../../src/core/catalog/allocation.ts";
import type { ServiceInstance } from "../../../src/core/catalog/snapshot.ts";
import type { CatalogSource } from "../../../src/sources/catalog/source.ts";
import { instance, snapshot } from "../../builders/world.ts";
import { failure } from "../../daemon/world.ts";
import { createFakeClock, settle } from "../../fakes/fake-clock.ts";
import { createFakeSource } from "../../fakes/fake-source.ts";

const A = "94bf6945-71f5-4656-89a1-3ec35d408ad9";
const B = "83cf3586-a036-4417-8eee-9aa66e430114";

function at(id: string, port: number): ServiceInstance {
  return instance({ service: `s${port}`, id: `_nomad-task-${id}-group-web-s${port}-http`, port });
}

function placed(id: string, port: number, more: Partial<Allocation> = {}): Allocation {
  const ports = [{ address: "192.168.11.11", port }];
  return { id, namespace: "default", job: "shop", node: "node-1", isCanary: false, ports, ...more };
}

const stops: (() => void)[] = [];
afterEach(() => {
  for (const stop of stops.splice(0)) stop();
});

/** A catalog whose source asks one Nomad, or several, for what its instances name. */
function createSite(names: readonly string[] = ["n"]) {
  const clock = createFakeClock();
  const asked: string[] = [];
  const reported: string[] = [];
  const known = new Map<string, Allocation>();
  const troubles = new Map<string, string>();
  let gate: Deferred<void> | undefined;
  const allocations = createAllocations({
    schedulers: names.map((name) => ({
      name,
      async allocations(ids): Promise<readonly Allocation[]> {
        asked.push(`${name} ${ids.map((id) => id.slice(0, 4)).join(" ")}`);
        await gate?.promise;
        const trouble = troubles.get(name);
        if (trouble !== undefined) throw failure(trouble);
        return ids.flatMap((id) => known.get(id) ?? []);
      },
    })),
    clock,
    observer: {
      allocationsUntold: (name, { code }) => reported.push(`${name} ${code}`),
      allocationsTold: (name) => reported.push(`${name} told`),
      allocationUnknown: (id, count) => reported.push(`unknown ${id.slice(0, 4)} of ${count}`),
    },
  });
  let changes = 0;
  const fake = createFakeSource("consul", clock, () => wrapped.changed());
  const base: CatalogSource = {
    ...fake,
    run: async () => {},
    state: () => {
      throw new Error("is not asked for its state");
    },
  };
  const wrapped = withAllocations("consul", base, allocations, () => {
    changes += 1;
  });
  const stop = new AbortController();
  stops.push(() => {
    stop.abort();
    allocations.close();
  });
  return {
    clock,
    asked,
    reported,
    known,
    troubles,
    source: wrapped.source,
    get changes() {
      return changes;
    },
    hold: () => {
      gate = createDeferred();
      return () => gate?.resolve();
    },
    run: () => void allocations.run(stop.signal),
    async show(...instances: readonly ServiceInstance[]) {
      fake.show(snapshot(instances));
      await settle();
      await settle();
    },
    /** Port → what is said of the instance's allocation; undefined while there is no snapshot. */
    words: () =>
      wrapped.source
        .snapshot()
        ?.instances.map(({ port, allocation }) =>
          allocation?.kind === "of-job"
            ? `${port} ${allocation.job}${allocation.isCanary ? " canary" : ""}`
            : `${port} ${allocation?.kind ?? "no word"}`,
        ),
  };
}

describe("an allocation", () => {
  test("is asked for once: what is said of it is kept while others come and go", async () => {
    const site = createSite();
    site.known.set(A, placed(A, 24_001)).set(B, placed(B, 24_002));
    await site.show(at(A, 24_001));
    expect(site.words()).toEqual(["24001 shop"]);
    await site.show(at(A, 24_001), at(B, 24_002));
    expect(site.words()).toEqual(["24001 shop", "24002 shop"]);
    await site.show(at(B, 24_002), instance({ port: 24_003 }));
    expect(site.words()).toEqual(["24002 shop", "24003 no word"]);
    expect(site.asked).toEqual(["n 94bf", "n 83cf"]);
  });

  test("that has gone is forgotten, and asked for when it is back", async () => {
    const site = createSite();
    site.known.set(A, placed(A, 24_001));
    await site.show(at(A, 24_001));
    await site.show();
    await site.show(at(A, 24_001));
    expect(site.asked).toHaveLength(2);
  });

  test("at another port than Nomad gave it is no proof of anything", async () => {
    const site = createSite();
    site.known.set(A, placed(A, 24_001));
    await site.show(at(A, 24_001), at(A, 24_009));
    expect(site.words()).toEqual(["24001 shop", "24009 elsewhere"]);
  });

  test("that any of several Nomads knows is known", async () => {
    const site = createSite(["one", "other"]);
    site.troubles.set("one", "E_AWAY");
    site.known.set(A, placed(A, 24_001));
    await site.show(at(A, 24_001));
    expect(site.words()).toEqual(["24001 shop"]);
    expect(site.reported).toEqual(["one E_AWAY"]);
  });

  test("is the very same instance as long as nothing else is said of it", async () => {
    const site = createSite();
    site.known.set(A, placed(A, 24_001));
    const one = at(A, 24_001);
    await site.show(one);
    const before = site.source.snapshot()?.instances[0];
    await site.show(one, instance({ port: 24_003 }));
    expect(site.source.snapshot()?.instances[0]).toBe(before);
  });
});

describe("while Nomad is asked", () => {
  test("there is no first snapshot, and a new instance waits, but nothing else does", async () => {
    const site = createSite();
    site.known.set(A, placed(A, 24_001)).set(B, placed(B, 24_002));
    const [one, other] = [at(A, 24_001), at(B, 24_002)];
    let answer = site.hold();
    await site.show(one);
    expect([site.words(), site.changes]).toEqual([undefined, 0]);
    answer();
    await settle();
    await settle();
    expect([site.words(), site.changes]).toEqual([["24001 shop"], 1]);
    answer = site.hold();
    await site.show(one, other);
    expect([site.words(), site.changes]).toEqual([["24001 shop"], 1]);
    await site.show(one, other, instance({ port: 24_003 }));
    expect([site.words(), site.changes]).toEqual([["24001 shop", "24003 no word"], 2]);
    answer();
    await settle();
    await settle();
    expect([site.words(), site.changes]).toEqual([["24001 shop", "24002 shop", "24003 no word"], 3]);
  });

  test("a Nomad that does not answer is waited for two seconds, and then not again before it has answered", async () => {
    const site = createSite();
    const answer = site.hold();
    await site.show(at(A, 24_001));
    await site.clock.advance(1_999);
    expect(site.words()).toBeUndefined();
    await site.clock.advance(1);
    await settle();
    expect(site.words()).toEqual(["24001 no word"]);
    site.troubles.set("n", "E_AWAY");
    answer();
    await settle();
    site.hold();
    await site.show(at(A, 24_001), at(B, 24_002));
    expect(site.words()).toEqual(["24001 no word", "24002 no word"]);
  });
});

describe("a Nomad that does not tell", () => {
  test("is reported once for each reason, takes nothing away, and tells what it is asked later", async () => {
    const site = createSite();
    site.run();
    site.known.set(A, placed(A, 24_001)).set(B, placed(B, 24_002));
    await site.show(at(A, 24_001));
    site.troubles.set("n", "E_CATALOG_DENIED");
    await site.show(at(A, 24_001), at(B, 24_002));
    await site.clock.advance(60_000);
    expect(site.words()).toEqual(["24001 shop", "24002 no word"]);
    expect(site.reported).toEqual(["n E_CATALOG_DENIED"]);
    site.troubles.clear();
    await site.clock.advance(120_000);
    await settle();
    expect(site.words()).toEqual(["24001 shop", "24002 shop"]);
    expect(site.reported).toEqual(["n E_CATALOG_DENIED", "n told"]);
  });

  test("what was known before a restart stands in for it, at the same address only", async () => {
    const site = createSite();
    const allocation = { kind: "of-job", nomad: "n", namespace: "default", job: "shop", isCanary: false } as const;
    await site.source.recall?.([
      { ...at(A, 24_001), allocation },
      { ...at(B, 24_002), allocation },
    ]);
    site.troubles.set("n", "E_AWAY");
    await site.show(at(A, 24_001), at(B, 24_009));
    expect(site.words()).toEqual(["24001 shop", "24009 no word"]);
  });

  test("an allocation that no Nomad knows is told once, and asked for ever more seldom", async () => {
    const site = createSite();
    site.run();
    await site.show(at(A, 24_001));
    await settle();
    expect(site.words()).toEqual(["24001 no word"]);
    await site.show(at(A, 24_001), at(B, 24_002));
    expect(site.reported).toEqual(["unknown 94bf of 1"]);
    site.asked.splice(0);
    await site.clock.advance(3_600_000);
    expect(site.asked.length).toBeGreaterThan(10);
    expect(site.asked.length).toBeLessThan(35);
  });
});

describe("a canary", () => {
  test("is asked after until it is promoted, and costs nothing after that", async () => {
    const site = createSite();
    site.run();
    site.known.set(A, placed(A, 24_001)).set(B, placed(B, 24_002, { isCanary: true }));
    await site.show(at(A, 24_001), at(B, 24_002));
    expect(site.words()).toEqual(["24001 shop", "24002 shop canary"]);
    site.asked.splice(0);
    await site.clock.advance(10_000);
    expect(site.asked).toEqual(Array.from({ length: 5 }, () => "n 83cf"));
    const before = site.changes;
    site.known.set(B, placed(B, 24_002));
    await site.clock.advance(2_000);
    await settle();
    expect(site.words()).toEqual(["24001 shop", "24002 shop"]);
    expect(site.changes).toBe(before + 1);
    site.asked.splice(0);
    await site.clock.advance(3_600_000);
    expect(site.asked).toEqual([]);
  });

  test("stays one while Nomad is away, and ends with its allocation", async () => {
    const site = createSite();
    site.run();
    site.known.set(A, placed(A, 24_001, { isCanary: true }));
    await site.show(at(A, 24_001));
    site.troubles.set("n", "E_AWAY");
    await site.clock.advance(60_000);
    expect(site.words()).toEqual(["24001 shop canary"]);
    expect(site.reported).toEqual(["n E_AWAY"]);
    await site.show();
    site.asked.splice(0);
    await site.clock.advance(600_000);
    expect(site.asked).toEqual([]);
  });
});
