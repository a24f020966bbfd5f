import { afterEach, describe, expect, test } from "vitest";
import type { CheckResult } from "../../../src/core/catalog/allocation-health.ts";
import type { ServiceInstance } from "../../../src/core/catalog/snapshot.ts";
import { settle } from "../../fakes/fake-clock.ts";
import { A, at, B, closeSites, createSite, placed } from "./site.ts";

afterEach(closeSites);

/** The same as one of Nomad's own services. */
function native(id: string, port: number): ServiceInstance {
  return { ...at(id, port), catalog: "nomad", namespace: "default", job: "shop", checks: [], nodeAddress: "" };
}

function check(port: number, status: string): readonly CheckResult[] {
  return [{ service: `s${port}`, name: "alive", status }];
}

/** A site that charts Nomad's own services and polls. */
function createNative(health: "checks" | "deployment" = "checks") {
  const site = createSite(["n"], health);
  site.run();
  return site;
}

describe("an allocation with checks", () => {
  test("is waited for until they have been read, and is fit within a second of their first success", async () => {
    const site = createNative();
    site.known.set(A, placed(A, 24_001, { deployment: "undecided" }));
    site.checks.set(A, check(24_001, "pending"));
    await site.show(native(A, 24_001));
    await site.clock.advance(100);
    expect(site.words()).toEqual(["24001 shop pending"]);
    await site.clock.advance(30_000);
    site.checks.set(A, check(24_001, "success"));
    await site.clock.advance(1_000);
    await settle();
    expect(site.words()).toEqual(["24001 shop passing"]);
  });

  test("is polled seldom once it has come to rest, and not at all when it has ended or left", async () => {
    const site = createNative();
    site.known.set(A, placed(A, 24_001, { deployment: "healthy" }));
    site.checks.set(A, check(24_001, "success"));
    await site.show(native(A, 24_001));
    await site.clock.advance(1_000);
    site.polled.splice(0);
    await site.clock.advance(60_000);
    expect(site.polled.length).toBeGreaterThan(8);
    expect(site.polled.length).toBeLessThan(14);
    await site.show();
    site.polled.splice(0);
    await site.clock.advance(600_000);
    expect(site.polled).toEqual([]);
  });

  test("that fails after it was healthy is critical, and passing again when it succeeds", async () => {
    const site = createNative();
    site.known.set(A, placed(A, 24_001, { deployment: "healthy" }));
    site.checks.set(A, check(24_001, "success"));
    await site.show(native(A, 24_001));
    await site.clock.advance(100);
    site.checks.set(A, check(24_001, "failure"));
    await site.clock.advance(6_000);
    await settle();
    expect(site.words()).toEqual(["24001 shop critical"]);
    site.checks.set(A, check(24_001, "success"));
    await site.clock.advance(1_200);
    await settle();
    expect(site.words()).toEqual(["24001 shop passing"]);
  });

  test("is fit as soon as its deployment has found it healthy: the old version leaves at that very moment", async () => {
    const site = createNative();
    site.known.set(A, placed(A, 24_001, { deployment: "undecided" }));
    site.checks.set(A, check(24_001, "failure"));
    await site.show(native(A, 24_001));
    await site.clock.advance(100);
    expect(site.words()).toEqual(["24001 shop critical"]);
    site.known.set(A, placed(A, 24_001, { deployment: "healthy", modifyIndex: 1 }));
    site.checks.set(A, "E_AWAY");
    site.hint({ allocations: [A] });
    await settle();
    await settle();
    expect(site.words()).toEqual(["24001 shop passing"]);
    site.checks.set(A, check(24_001, "failure"));
    await site.clock.advance(2_000);
    await settle();
    expect(site.words()).toEqual(["24001 shop critical"]);
  });

  test("stays what it was while its checks cannot be read", async () => {
    const site = createNative();
    site.known.set(A, placed(A, 24_001));
    site.checks.set(A, check(24_001, "success"));
    await site.show(native(A, 24_001));
    await site.clock.advance(100);
    site.checks.set(A, "E_AWAY");
    await site.clock.advance(60_000);
    expect(site.words()).toEqual(["24001 shop passing"]);
    expect(site.reported).toEqual(["n default checks E_AWAY"]);
  });

  test("of many, those that wait for their first success come first, and no more than a hundred a second", async () => {
    const site = createNative();
    const ids = Array.from({ length: 400 }, (_, n) => A.slice(0, -4) + String(n).padStart(4, "0"));
    for (const [n, id] of ids.entries()) {
      site.known.set(id, placed(id, 20_000 + n, { deployment: n === 399 ? "undecided" : "healthy" }));
      site.checks.set(id, check(20_000 + n, n === 399 ? "pending" : "success"));
    }
    await site.show(...ids.map((id, n) => native(id, 20_000 + n)));
    await site.clock.advance(30_000);
    site.polled.splice(0);
    site.checks.set(ids[399] ?? "", check(20_399, "success"));
    await site.clock.advance(1_000);
    await settle();
    expect(site.words()?.at(-1)).toBe("20399 shop passing");
    expect(site.polled.length).toBeLessThan(30);
  });
});

describe("an allocation without checks", () => {
  test("is asked for them once, and never again", async () => {
    const site = createNative();
    site.known.set(A, placed(A, 24_001));
    site.checks.set(A, []);
    await site.show(native(A, 24_001));
    await site.clock.advance(600_000);
    expect(site.words()).toEqual(["24001 shop passing"]);
    expect(site.polled).toHaveLength(1);
  });

  test("is fit as soon as its tasks run, and not before", async () => {
    const site = createNative();
    site.known.set(A, placed(A, 24_001, { clientStatus: "pending" }));
    site.checks.set(A, []);
    await site.show(native(A, 24_001));
    expect(site.words()).toEqual(["24001 shop pending"]);
    site.known.set(A, placed(A, 24_001, { modifyIndex: 1 }));
    await site.clock.advance(200);
    await settle();
    expect(site.words()).toEqual(["24001 shop passing"]);
  });
});

describe("whether an allocation has checks", () => {
  const idOf = (n: number) => A.slice(0, -4) + String(n).padStart(4, "0");

  test("is in the definition that was read with it: one without is asked for none", async () => {
    const site = createNative();
    site.known.set(A, placed(A, 24_001, { hasChecks: false }));
    await site.show(native(A, 24_001));
    await settle();
    expect(site.words()).toEqual(["24001 shop passing"]);
    await site.clock.advance(600_000);
    expect([site.polled, site.looked]).toEqual([[], []]);
  });

  test("is asked of one in each version of a group where they were listed with many others", async () => {
    const site = createNative();
    const versions = [0, 1, 1, 0, 0, 1, 0, 0, 1, 1];
    for (const [n, jobVersion] of versions.entries()) {
      site.known.set(idOf(n), placed(idOf(n), 20_000 + n, { jobVersion }));
      site.definitions.set(idOf(n), jobVersion === 1);
      site.checks.set(idOf(n), check(20_000 + n, "success"));
    }
    await site.show(...versions.map((_, n) => native(idOf(n), 20_000 + n)));
    await site.clock.advance(1_000);
    await settle();
    expect(site.words()).toEqual(versions.map((_, n) => `${20_000 + n} shop passing`));
    expect(site.looked).toHaveLength(2);
    expect(site.polled).toHaveLength(versions.filter((version) => version === 1).length);
  });

  test("that a version brings or takes away counts from that version on", async () => {
    const site = createNative();
    site.known.set(A, placed(A, 24_001, { hasChecks: false }));
    site.checks.set(A, check(24_001, "failure"));
    await site.show(native(A, 24_001));
    site.known.set(A, placed(A, 24_001, { hasChecks: true, jobVersion: 1, modifyIndex: 1 }));
    site.hint({ allocations: [A], index: 1 });
    await site.clock.advance(100);
    await settle();
    expect(site.words()).toEqual(["24001 shop critical"]);
    site.known.set(A, placed(A, 24_001, { hasChecks: false, jobVersion: 2, modifyIndex: 2 }));
    site.hint({ allocations: [A], index: 2 });
    await site.clock.advance(100);
    await settle();
    expect(site.words()).toEqual(["24001 shop passing"]);
  });

  test("is found out for many without holding up the first check of a change", async () => {
    const site = createNative();
    const many = Array.from({ length: 2_000 }, (_, n) => n);
    for (const n of many) {
      site.known.set(idOf(n), placed(idOf(n), 20_000 + n, { job: `job-${n}`, deployment: "healthy" }));
      site.definitions.set(idOf(n), true);
      site.checks.set(idOf(n), check(20_000 + n, "success"));
    }
    const shown = many.map((n) => native(idOf(n), 20_000 + n));
    await site.show(...shown);
    await site.clock.advance(500);
    site.known.set(B, placed(B, 19_999, { hasChecks: true }));
    site.checks.set(B, check(19_999, "success"));
    await site.show(...shown, native(B, 19_999));
    await site.clock.advance(20);
    await settle();
    expect(site.words()?.at(-1)).toBe("19999 shop passing");
    expect(site.looked.length).toBeLessThan(200);
  });
});

describe("a token that may not read checks", () => {
  test("is told once, the deployment counts in their place, and the checks again when it may", async () => {
    const site = createNative();
    site.known.set(A, placed(A, 24_001, { deployment: "healthy" }));
    site.known.set(B, placed(B, 24_002, { deployment: "undecided" }));
    for (const [id, port] of [[A, 24_001] as const, [B, 24_002] as const]) {
      site.checks.set(id, "E_CATALOG_DENIED");
      await site.show(native(id, port));
    }
    await site.show(native(A, 24_001), native(B, 24_002));
    await site.clock.advance(60_000);
    expect(site.words()).toEqual(["24001 shop passing", "24002 shop pending"]);
    expect(site.reported).toEqual(["n default checks E_CATALOG_DENIED"]);
    expect(site.source.state().health).toEqual({ wanted: "checks", used: "deployment" });
    site.checks.set(A, check(24_001, "success")).set(B, check(24_002, "success"));
    await site.clock.advance(60_000);
    await settle();
    expect(site.words()).toEqual(["24001 shop passing", "24002 shop passing"]);
    expect(site.reported.at(-1)).toBe("n checks told");
    expect(site.source.state().health).toEqual({ wanted: "checks", used: "checks" });
  });

  test("nor allocations: nothing is left but the registration, and the state says so", async () => {
    const site = createNative();
    site.troubles.set("n", "E_CATALOG_DENIED");
    await site.show(native(A, 24_001));
    await site.clock.advance(3_000);
    expect(site.source.state().health).toEqual({ wanted: "checks", used: "none" });
    expect(createSite(["n"], "none").source.state().health).toBeUndefined();
  });

  test("asks for none where the deployment is to decide", async () => {
    const site = createNative("deployment");
    site.known.set(A, placed(A, 24_001, { deployment: "undecided" }));
    await site.show(native(A, 24_001));
    await site.clock.advance(10_000);
    expect([site.words(), site.polled]).toEqual([["24001 shop pending"], []]);
    site.known.set(A, placed(A, 24_001, { deployment: "healthy", modifyIndex: 1 }));
    await site.clock.advance(1_500);
    await settle();
    expect(site.words()).toEqual(["24001 shop passing"]);
  });
});

describe("over a restart", () => {
  test("the last known health stands in until the checks have been read, and no chart waits for them", async () => {
    const site = createSite(["n"], "checks");
    const health = { status: "critical", check: "alive", wasHealthy: true } as const;
    const word = { kind: "of-job", nomad: "n", namespace: "default", job: "shop", isCanary: false, health } as const;
    await site.source.recall?.([{ ...native(A, 24_001), allocation: word }]);
    site.known.set(A, placed(A, 24_001, { deployment: "healthy" }));
    site.checks.set(A, check(24_001, "success"));
    await site.show(native(A, 24_001));
    expect(site.words()).toEqual(["24001 shop critical"]);
    site.run();
    await site.clock.advance(100);
    await settle();
    expect(site.words()).toEqual(["24001 shop passing"]);
  });

  test("what has left meanwhile is asked after, too", async () => {
    const site = createNative();
    await site.source.recall?.([native(A, 24_001)]);
    site.known.set(A, placed(A, 24_001, { isStopped: true }));
    await site.show();
    await settle();
    expect(site.departed()).toEqual([true]);
  });
});

describe("an instance that leaves", () => {
  test("is said to be stopped where its Nomad says so, and stays for that moment where it is the last of its service", async () => {
    const site = createNative();
    site.known.set(A, placed(A, 24_001, { deployment: "healthy" }));
    await site.show(native(A, 24_001));
    await site.clock.advance(3_000);
    site.known.set(A, placed(A, 24_001, { isStopped: true, modifyIndex: 1 }));
    const answer = site.hold();
    await site.show();
    expect(site.words()).toHaveLength(1);
    answer();
    await settle();
    await settle();
    expect([site.words(), site.departed()]).toEqual([[], [true]]);
  });

  test("is waited for half a second at most, and the word counts when it comes", async () => {
    const site = createNative();
    site.known.set(A, placed(A, 24_001, { deployment: "healthy" }));
    await site.show(native(A, 24_001));
    await site.clock.advance(3_000);
    site.known.set(A, placed(A, 24_001, { isStopped: true, modifyIndex: 1 }));
    const answer = site.hold();
    await site.show();
    await site.clock.advance(500);
    await settle();
    expect([site.words(), site.departed()]).toEqual([[], undefined]);
    answer();
    await settle();
    await settle();
    expect(site.departed()).toEqual([true]);
  });

  test("as the last of its service is said to be the end of its job where that was stopped, and not where it is updated", async () => {
    const site = createNative();
    site.known.set(A, placed(A, 24_001, { isStopped: true })).set(B, placed(B, 24_002, { isStopped: true }));
    await site.show(native(A, 24_001), { ...native(B, 24_001), id: native(B, 24_001).id });
    await site.show(native(A, 24_001));
    await settle();
    expect([site.ended(), site.jobsAsked]).toEqual([[false], []]);
    await site.show();
    await settle();
    await settle();
    expect([site.ended(), site.jobsAsked]).toEqual([[false, false], ["shop"]]);
    await site.show(native(A, 24_001));
    site.endedJobs.add("shop");
    await site.show();
    await settle();
    await settle();
    expect(site.ended()).toEqual([true, true]);
    // It is run again, and updated: the end that was is none.
    site.endedJobs.clear();
    await site.show(native(A, 24_001));
    await site.show();
    await settle();
    await settle();
    expect(site.ended()).toEqual([false, false]);
  });

  test("without that word is only gone", async () => {
    const site = createNative();
    site.known.set(A, placed(A, 24_001, { deployment: "healthy" }));
    await site.show(native(A, 24_001));
    await site.show();
    await site.clock.advance(60_000);
    expect([site.words(), site.departed()]).toEqual([[], undefined]);
  });
});

describe("a hint", () => {
  test("on an allocation, or on the deployment of its job, has it read at once, one round after the other", async () => {
    const site = createNative();
    site.known.set(A, placed(A, 24_001, { deployment: "healthy" }));
    await site.show(at(A, 24_001));
    site.asked.splice(0);
    site.known.set(A, placed(A, 24_001, { isLeaving: true, modifyIndex: 1 }));
    site.hint({ allocations: [B] });
    await settle();
    expect(site.asked).toEqual([]);
    const answer = site.hold();
    for (let n = 0; n < 5; n += 1) site.hint({ allocations: [A] });
    site.hint({ deployments: ["default/shop"] });
    await settle();
    expect(site.asked).toEqual(["n 94bf"]);
    answer();
    await settle();
    await settle();
    expect(site.asked).toEqual(["n 94bf", "n 94bf"]);
    site.hint({ isAnything: true });
    await settle();
    expect(site.asked).toHaveLength(3);
  });

  test("of a write that has been read, or that the answer under way brings, leads to no question", async () => {
    const site = createNative();
    site.known.set(A, placed(A, 24_001, { modifyIndex: 5 }));
    const answer = site.hold();
    const shown = site.show(at(A, 24_001));
    await settle();
    site.hint({ allocations: [A], index: 5 });
    answer();
    await shown;
    await settle();
    site.hint({ allocations: [A], index: 4 });
    await settle();
    expect(site.asked).toEqual(["n 94bf"]);
    site.hint({ allocations: [A], index: 6 });
    await settle();
    expect(site.asked).toEqual(["n 94bf", "n 94bf"]);
  });

  test("that crosses an older answer does not take back what is newer", async () => {
    const site = createNative();
    site.known.set(A, placed(A, 24_001, { modifyIndex: 5, isCanary: true }));
    await site.show(at(A, 24_001));
    site.known.set(A, placed(A, 24_001, { modifyIndex: 4 }));
    site.hint({ allocations: [A] });
    await settle();
    await settle();
    expect(site.words()).toEqual(["24001 shop canary"]);
  });
});
