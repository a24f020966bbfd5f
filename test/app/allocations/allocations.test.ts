import { afterEach, describe, expect, test } from "vitest";
import { instance } from "../../builders/world.ts";
import { settle } from "../../fakes/fake-clock.ts";
import { A, at, B, closeSites, createSite, placed } from "./site.ts";

afterEach(closeSites);

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
    // The last time, whether Nomad has stopped it.
    expect(site.asked).toEqual(["n 94bf", "n 83cf", "n 94bf"]);
  });

  test("that has gone is asked after for a moment, and after ten minutes forgotten", async () => {
    const site = createSite();
    site.run();
    site.known.set(A, placed(A, 24_001));
    await site.show(at(A, 24_001));
    await site.show();
    await site.clock.advance(600_000);
    expect(site.asked).toHaveLength(1 + 1 + 3);
    await site.show(instance({ port: 24_003 }));
    await site.show(at(A, 24_001));
    expect(site.asked).toHaveLength(6);
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
    expect(site.words()).toEqual(["24001 untold"]);
    site.troubles.set("n", "E_AWAY");
    answer();
    await settle();
    site.hold();
    await site.show(at(A, 24_001), at(B, 24_002));
    expect(site.words()).toEqual(["24001 untold", "24002 untold"]);
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
    expect(site.words()).toEqual(["24001 shop", "24002 untold"]);
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
    expect(site.words()).toEqual(["24001 shop", "24009 untold"]);
  });

  test("what was charted before a restart without a word keeps what its id was good for, and what is new has to wait", async () => {
    const site = createSite();
    await site.source.recall?.([at(A, 24_001)]);
    site.troubles.set("n", "E_AWAY");
    await site.show(at(A, 24_001), at(A, 24_002));
    expect(site.words()).toEqual(["24001 no word", "24002 untold"]);
  });

  test("is not known to anybody as soon as all Nomads have said so, and not before", async () => {
    const site = createSite(["one", "other"]);
    site.run();
    site.troubles.set("other", "E_AWAY");
    await site.show(at(A, 24_001));
    await settle();
    expect(site.words()).toEqual(["24001 untold"]);
    site.troubles.clear();
    await site.clock.advance(5_000);
    await settle();
    expect(site.words()).toEqual(["24001 no word"]);
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
    await site.clock.advance(60_000);
    site.asked.splice(0);
    await site.clock.advance(600_000);
    expect(site.asked).toEqual([]);
  });
});
