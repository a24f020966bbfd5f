import { describe, expect, test } from "vitest";
import { createDeferred } from "../../src/base/deferred.ts";
import { NO_OPERATOR_CONFIG } from "../../src/core/operator-config/operator-config.ts";
import { newConfig } from "../../src/core/traefik/chart/dynamic-config.ts";
import { CHART_HEADER } from "../../src/core/traefik/chart/render.ts";
import { instance } from "../builders/world.ts";
import { settle } from "../fakes/fake-clock.ts";
import { createDisk, createWorld, failure, many, SOURCE, services } from "./world.ts";

describe("the first pass", () => {
  test("waits for a snapshot: without one nothing is written, reported or saved", async () => {
    const world = createWorld();
    await world.run();
    await world.clock.advance(600_000);
    expect(world.disk.chart.text).toBeUndefined();
    expect(world.disk.journal).toEqual([]);
    expect(world.observer.reports).toEqual([]);
    world.stop.abort();
  });

  test("writes as soon as the catalog has answered, the state before the file", async () => {
    const world = createWorld();
    await world.run();
    world.source.show({ source: SOURCE, instances: services("web"), freshness: "live", readAtMs: 1 });
    await settle();
    expect(world.routers).toEqual(["web"]);
    expect(world.disk.journal).toEqual(["snapshot saved", "memory saved", "chart written"]);
    expect(world.disk.lastGood.value).toEqual({ source: SOURCE, readAtMs: 1, instances: services("web") });
    expect(world.observer.reports).toEqual(["written after 0 ms: added web"]);
    world.stop.abort();
  });

  test("of a catalog without exposed services is a chart without routes", async () => {
    const world = createWorld();
    await world.run();
    await world.show([]);
    expect(world.disk.chart.text).toBe(`${CHART_HEADER}\n`);
    world.stop.abort();
  });

  test("never touches a file that portolan did not write", async () => {
    const world = createWorld();
    world.disk.chart.text = "http:\n  routers: {}\n";
    world.source.show({ source: SOURCE, instances: services("web"), freshness: "live", readAtMs: 1 });
    await expect(world.run()).rejects.toMatchObject({
      code: "E_OUTPUT_FOREIGN",
      retryable: false,
      exitCode: 78,
      message: expect.stringMatching(/\/charts\/portolan\.yml was not written by portolan.*--output/),
    });
    expect(world.disk.chart.text).toBe("http:\n  routers: {}\n");
    expect(world.disk.journal).toEqual([]);
  });

  test("takes an empty file for none", async () => {
    const world = createWorld();
    world.disk.chart.text = "";
    await world.run();
    await world.show(services("web"));
    expect(world.routers).toEqual(["web"]);
    world.stop.abort();
  });
});

describe("when something changes", () => {
  test("one pass follows at once, a burst is gathered into a second", async () => {
    const world = createWorld();
    await world.run();
    await world.show(many(1));
    await world.clock.advance(10_000);
    const before = world.observer.reports.length;
    for (let count = 2; count <= 6; count += 1) {
      world.source.show({ source: SOURCE, instances: many(count), freshness: "live", readAtMs: count });
      await world.clock.advance(20);
    }
    await world.clock.advance(1_000);
    const [first, second, ...more] = world.observer.reports.slice(before);
    expect(first).toBe("written after 0 ms: added s2");
    expect(second).toBe("written after 160 ms: added s3,added s4,added s5,added s6");
    expect(more).toEqual([]);
    world.stop.abort();
  });

  test("nothing is reported, written or saved where nothing that matters has changed", async () => {
    const world = createWorld();
    await world.run();
    await world.show(services("web"));
    const { length } = world.observer.reports;
    const saved = world.disk.journal.length;
    const snapshot = world.source.snapshot();
    for (let count = 0; count < 10; count += 1) {
      world.source.show(snapshot);
      await world.clock.advance(5_000);
    }
    expect(world.observer.passes).toBeGreaterThan(5);
    expect(world.observer.reports).toHaveLength(length);
    expect(world.disk.journal).toHaveLength(saved);
    world.stop.abort();
  });

  test("while a write is under way no other begins, and what came meanwhile is written after it", async () => {
    const world = createWorld();
    await world.run();
    await world.show(services("a"));
    const slow = createDeferred();
    world.disk.chart.holdUntil(slow.promise);
    await world.show(services("a", "bb"));
    for (const instances of [services("a", "bb", "ccc"), services("a", "bb", "ccc", "dddd")]) {
      await world.show(instances);
      await world.clock.advance(5_000);
    }
    expect(world.routers).toEqual(["a"]);
    slow.resolve();
    await world.clock.advance(1_000);
    expect(world.routers).toEqual(["a", "bb", "ccc", "dddd"]);
    expect(world.disk.chart.mostAtOnce).toBe(1);
    world.stop.abort();
  });

  test("an abort finishes the write that has begun, and begins no other", async () => {
    const world = createWorld();
    const { ended } = await world.run();
    await world.show(services("a"));
    const slow = createDeferred();
    world.disk.chart.holdUntil(slow.promise);
    await world.show(services("a", "bb"));
    await world.show(services("a", "bb", "ccc"));
    world.stop.abort();
    slow.resolve();
    await ended;
    expect(world.routers).toEqual(["a", "bb"]);
    expect(world.disk.journal.at(-1)).toBe("chart written");
  });
});

describe("a file that cannot be written", () => {
  test("is reported and tried again each second, and the changes are in the next file", async () => {
    const world = createWorld();
    await world.run();
    await world.show(services("a"));
    world.disk.chart.failWith(failure("E_OUTPUT_FULL"));
    await world.show(services("a", "bb"));
    await world.clock.advance(3_000);
    expect(world.observer.reports.slice(1)).toEqual([
      "unwritable E_OUTPUT_FULL, again in 1000 ms",
      "unwritable E_OUTPUT_FULL, again in 1000 ms",
      "unwritable E_OUTPUT_FULL, again in 1000 ms",
      "unwritable E_OUTPUT_FULL, again in 1000 ms",
    ]);
    expect(world.routers).toEqual(["a"]);

    world.disk.chart.failWith(undefined);
    await world.clock.advance(1_000);
    expect(world.routers).toEqual(["a", "bb"]);
    // Compared with the file, not with what a failed pass had in mind.
    expect(world.observer.reports.at(-1)).toMatch(/^written after \d+ ms: added bb$/);
    world.stop.abort();
  });

  test("for a reason that no second attempt can overcome ends the daemon", async () => {
    const world = createWorld();
    const { ended } = await world.run();
    const broken = expect(ended).rejects.toThrow("bug");
    world.disk.chart.failWith(Object.assign(new TypeError("bug")) as never);
    await world.show(services("a"));
    await broken;
  });

  test("does not stop the snapshot from being saved", async () => {
    const world = createWorld();
    await world.run();
    world.disk.chart.failWith(failure("E_OUTPUT_FULL"));
    await world.show(services("a"));
    expect(world.disk.lastGood.value?.instances).toEqual(services("a"));
    world.stop.abort();
  });
});

describe("a state that cannot be saved", () => {
  test("is reported, and routes go on", async () => {
    const world = createWorld();
    await world.run();
    world.disk.lastGood.failWith(failure("E_STATE_FULL"));
    await world.show(services("a"));
    expect(world.observer.reports).toEqual([
      "state unsaved E_STATE_FULL",
      expect.stringMatching(/^written .*added a$/),
    ]);
    expect(world.routers).toEqual(["a"]);

    world.disk.lastGood.failWith(undefined);
    await world.show(services("a", "bb"));
    expect(world.disk.lastGood.value?.instances).toEqual(services("a", "bb"));
    world.stop.abort();
  });

  test("that was damaged is set aside and reported, and the start goes on", async () => {
    const world = createWorld();
    world.disk.lastGood.damage("no JSON");
    await world.run();
    await world.show(services("a"));
    expect(world.observer.reports[0]).toBe("set aside: no JSON, /state/snapshot.damaged");
    expect(world.routers).toEqual(["a"]);
    world.stop.abort();
  });
});

/** A disk on which a daemon has published these services and ended. */
async function diskAfter(instances: Parameters<ReturnType<typeof createWorld>["show"]>[0]) {
  const world = createWorld();
  const { ended } = await world.run();
  await world.show(instances);
  world.stop.abort();
  await ended;
  world.disk.journal.splice(0);
  return world.disk;
}

describe("a start while the catalog is away", () => {
  test("leaves the file as it is: the stored snapshot is used", async () => {
    const disk = await diskAfter(services("a", "bb"));
    const { text } = disk.chart;
    const world = createWorld(disk);
    await world.run();
    await world.clock.advance(3_600_000);
    expect(disk.chart.text).toBe(text);
    expect(disk.journal).not.toContain("chart written");
    expect(world.observer.reports).toEqual(["adopted 2 routers", "stored snapshot of 2 instances stands in"]);
    world.stop.abort();
  });

  test("writes the file anew from the stored snapshot where it is gone", async () => {
    const disk = await diskAfter(services("a", "bb"));
    const { text } = disk.chart;
    disk.chart.text = undefined;
    const world = createWorld(disk);
    await world.run();
    expect(disk.chart.text).toBe(text);
    world.stop.abort();
  });

  test("holds what the stored snapshot lacks, for as long as the catalog is away", async () => {
    const disk = await diskAfter(services("a", "bb"));
    disk.lastGood.value = { source: SOURCE, readAtMs: 1, instances: services("a") };
    const world = createWorld(disk);
    await world.run();
    await world.clock.advance(24 * 3_600_000);
    expect(world.routers).toEqual(["a", "bb"]);
    expect(world.observer.reports.filter((line) => line.startsWith("held"))).toEqual(["held source-away: bb"]);

    await world.show(services("a", "bb"));
    expect(world.routers).toEqual(["a", "bb"]);
    expect(world.observer.reports.at(-1)).toBe("released source-away");
    world.stop.abort();
  });

  test("a stored snapshot is not saved again, nor taken for news from the catalog", async () => {
    const disk = await diskAfter(services("a"));
    disk.chart.text = undefined;
    const world = createWorld(disk);
    await world.run();
    expect(disk.journal).not.toContain("snapshot saved");
    world.stop.abort();
  });

  test("the snapshot of another catalog is not used, and the file stays", async () => {
    const disk = await diskAfter(services("a", "bb"));
    const { text } = disk.chart;
    disk.lastGood.value = { source: "http://elsewhere:8500 dc2", readAtMs: 1, instances: services("x") };
    const world = createWorld(disk);
    await world.run();
    await world.clock.advance(60_000);
    expect(disk.chart.text).toBe(text);
    expect(world.observer.reports).toEqual(["adopted 2 routers"]);
    world.stop.abort();
  });

  test("with neither snapshot nor file nothing is written", async () => {
    const world = createWorld(createDisk());
    await world.run();
    await world.clock.advance(60_000);
    expect(world.disk.chart.text).toBeUndefined();
    world.stop.abort();
  });
});

describe("a mass removal", () => {
  test("is held and reported once, read again at its beginning and its end, and released then", async () => {
    const world = createWorld();
    await world.run();
    await world.show(many(10));
    await world.show(many(2));
    expect(world.routers).toHaveLength(10);
    expect(world.source.confirmations).toBe(1);
    await world.clock.advance(9_000);
    expect(world.routers).toHaveLength(10);
    expect(world.observer.reports.filter((line) => /held|released/.test(line))).toEqual([
      "held mass-removal: s3,s4,s5,s6,s7,s8,s9,s10",
    ]);

    await world.clock.advance(2_000);
    expect(world.observer.reports.filter((line) => /held|released/.test(line)).slice(1)).toEqual([
      "released mass-removal",
    ]);
    expect(world.observer.reports.at(-2)).toMatch(/^written .*emptied s10/);
    expect(world.source.confirmations).toBe(2);
    // They answer 503 for the grace, and are gone after it.
    await world.clock.advance(600_000);
    expect(world.routers).toEqual(["s1", "s2"]);
    world.stop.abort();
  });

  test("is held as long as no read confirms it, and the catalog is read until one does", async () => {
    const world = createWorld();
    await world.run();
    await world.show(many(10));
    world.source.failToConfirm(failure("E_CATALOG_STATUS"));
    await world.show([]);
    await world.clock.advance(60_000);
    expect(world.routers).toHaveLength(10);
    expect(world.source.confirmations).toBeGreaterThan(50);
    expect(world.observer.reports).toContain("confirm failed E_CATALOG_STATUS");

    world.source.failToConfirm(undefined);
    await world.clock.advance(2_000);
    expect(world.observer.reports.at(-1)).toBe("released mass-removal");
    world.stop.abort();
  });

  test("of a catalog that was wrong, and that wakes no watch when it is right again, is found to be wrong at the end of the hold", async () => {
    const world = createWorld();
    await world.run();
    await world.show(many(10));
    const { text } = world.disk.chart;
    await world.show([]);
    await world.clock.advance(5_000);
    world.source.hide({ source: SOURCE, instances: many(10), freshness: "live", readAtMs: world.clock.nowMs() });
    await world.clock.advance(10_000);
    expect(world.disk.chart.text).toBe(text);
    expect(world.disk.journal.filter((write) => write === "chart written")).toHaveLength(1);
    expect(world.observer.reports.at(-1)).toBe("released mass-removal");
    world.stop.abort();
  });

  test("that is over before it was believed leaves the file as it was", async () => {
    const world = createWorld();
    await world.run();
    await world.show(many(10));
    const { text } = world.disk.chart;
    await world.show([]);
    await world.clock.advance(5_000);
    await world.show(many(10));
    expect(world.disk.chart.text).toBe(text);
    expect(world.disk.journal.filter((write) => write === "chart written")).toHaveLength(1);
    expect(world.observer.reports.at(-1)).toBe("released mass-removal");
    world.stop.abort();
  });

  test("that a restart finds in the catalog is held by the file that is on disk", async () => {
    const disk = await diskAfter(many(10));
    disk.lastGood.value = undefined;
    disk.kept.value = undefined;
    const world = createWorld(disk);
    await world.run();
    await world.show([]);
    await world.clock.advance(5_000);
    expect(world.routers).toHaveLength(10);
    expect(world.source.confirmations).toBe(1);
    world.stop.abort();
  });

  test("an abort ends the reading", async () => {
    const world = createWorld();
    const { ended } = await world.run();
    await world.show(many(10));
    world.source.failToConfirm(failure("E_CATALOG_STATUS"));
    await world.show([]);
    world.stop.abort();
    await ended;
    await settle();
    expect(world.clock.sleepingMs).toEqual([]);
  });
});

test("a hold that goes on for another reason is reported with it, and its end only once", async () => {
  const world = createWorld();
  await world.run();
  await world.show(many(2));
  await world.show([]);
  await world.show([], { partialViewReasons: ["no-servers"] });
  await world.show(many(1));
  await world.show(many(2));
  expect(world.observer.reports.filter((line) => /held|released/.test(line))).toEqual([
    "held mass-removal: s1,s2",
    "held blind: s1,s2",
    "held mass-removal: s2",
    "released mass-removal",
  ]);
  world.stop.abort();
});

describe("a namespace that the token may not read any more", () => {
  const DENIED = { partialViewReasons: ["denied-namespace"], deniedNamespaces: ["team"] } as const;
  const [one, other] = [services("a", "bb"), services("ccc", "dddd")];
  const team = other.map((instance) => ({ ...instance, namespace: "team" }));
  const [first] = one;
  if (first === undefined) throw new Error("there is no service");

  test("has its services held until it can be read again, and costs no other namespace its news", async () => {
    const world = createWorld();
    await world.run();
    await world.show([...one, ...team]);
    await world.show(one, DENIED);
    expect(world.routers).toEqual(["a", "bb", "ccc", "dddd"]);
    expect(world.disk.chart.text).toContain("24003");
    expect(world.observer.reports.at(-1)).toBe("held blind: ccc,dddd");
    await world.show([first], DENIED);
    expect(world.disk.chart.text).not.toContain("24002");
    await world.clock.advance(86_400_000);
    expect(world.routers).toEqual(["a", "ccc", "dddd"]);
    await world.show([first, ...team]);
    expect(world.observer.reports.slice(-1)).toEqual(["released blind"]);
    expect(world.disk.chart.text).toContain("24003");
    world.stop.abort();
  });

  test("stays held over a restart, where it is denied from the first answer on, and ends by hand", async () => {
    const before = createWorld();
    await before.run();
    await before.show([...one, ...team]);
    await before.show(one, DENIED);
    await before.show([...one, ...services("eeeee")], DENIED);
    await before.clock.advance(60_000);
    before.stop.abort();
    // What is denied stays among what is known, so that the source can tell it from what has gone.
    expect(before.disk.lastGood.value?.instances.map(({ service }) => service)).toEqual([
      ...["a", "bb", "eeeee", "ccc", "dddd"],
    ]);
    const after = createWorld(before.disk);
    await after.run();
    await after.show([...one, ...services("eeeee")], DENIED);
    await after.clock.advance(86_400_000);
    expect(after.routers).toEqual(["a", "bb", "ccc", "dddd", "eeeee"]);
    expect((await after.daemon.release()).holds).toMatchObject([{ kind: "blind", reason: "denied-namespace (team)" }]);
    await after.clock.advance(1_000);
    expect(after.disk.chart.text).not.toContain("24003");
    after.stop.abort();
  });
});

describe("a hold that the operator ends", () => {
  test("ends with the next pass, is reported once, and others are held for the same reason afterwards", async () => {
    const world = createWorld();
    await world.run();
    await world.show(many(20));
    await world.show(many(10));
    expect((await world.daemon.release()).holds).toMatchObject([{ kind: "mass-removal" }]);
    await world.clock.advance(1_000);
    expect(world.disk.kept.value?.removals.leftAtMs.size).toBe(10);
    await world.show(many(1));
    expect(world.observer.reports.filter((line) => /held|released/.test(line))).toEqual([
      "held mass-removal: s11,s12,s13,s14,s15,s16,s17,s18,s19,s20",
      "released mass-removal by hand",
      "held mass-removal: s2,s3,s4,s5,s6,s7,s8,s9,s10",
    ]);
    world.stop.abort();
  });

  test("of single routers lets those go, tells of them alone, and leaves the others held over a restart", async () => {
    const world = createWorld();
    await world.run();
    await world.show(many(20));
    await world.show(many(10));
    const two = new Set(["http/routers/s11", "http/routers/s12"] as const);
    const { holds } = await world.daemon.release(two);
    expect(holds).toMatchObject([{ kind: "mass-removal", routers: [...two] }]);
    const more = new Set(["http/routers/s13"] as const);
    expect((await world.daemon.release(more)).holds).toMatchObject([{ routers: [...more] }]);
    await world.clock.advance(1_000);
    const { leftAtMs, holds: left } = world.disk.kept.value?.removals ?? {};
    expect([...(leftAtMs?.keys() ?? [])].sort()).toEqual([...two, ...more]);
    expect(left?.[0]).toMatchObject({ isPartlyReleased: true, routers: { length: 7 } });
    expect(world.observer.reports.filter((line) => /held|released/.test(line)).slice(1)).toEqual([
      "released mass-removal by hand",
    ]);
    world.stop.abort();
  });

  test("ends as well where the file cannot be written at once", async () => {
    const world = createWorld();
    await world.run();
    await world.show(many(10));
    await world.show([]);
    world.disk.chart.failWith(failure("E_OUTPUT_NO_SPACE"));
    await world.daemon.release();
    await world.clock.advance(2_000);
    expect(world.observer.reports).not.toContain("released mass-removal by hand");
    world.disk.chart.failWith(undefined);
    await world.clock.advance(2_000);
    expect(world.observer.reports.at(-1)).toBe("released mass-removal by hand");
    world.stop.abort();
  });

  test("is none where nothing is held", async () => {
    const world = createWorld();
    await world.run();
    await world.show(many(2));
    expect(await world.daemon.release()).toEqual({ rollback: undefined, holds: [] });
    world.stop.abort();
  });
});

describe("after a reset of the catalog's index", () => {
  test("every disappearance is held for five minutes, and what registers again is released one by one", async () => {
    const world = createWorld();
    await world.run();
    await world.show(many(10));
    const indexResetAtMs = world.clock.nowMs();
    await world.show(many(9), { indexResetAtMs });
    expect(world.routers).toHaveLength(10);
    expect(world.observer.reports.at(-1)).toBe("held catalog-reset: s10");
    expect(world.source.confirmations).toBe(0);

    await world.clock.advance(290_000);
    expect(world.routers).toHaveLength(10);
    await world.clock.advance(20_000);
    expect(world.observer.reports.slice(-2)).toEqual([
      expect.stringMatching(/^written .*emptied s10$/),
      "released catalog-reset",
    ]);
    world.stop.abort();
  });

  test("additions and moves are never held", async () => {
    const world = createWorld();
    await world.run();
    await world.show(services("a", "bb"));
    const moved = services("a", "ccc").map((one) => ({ ...one, port: 25_000 }));
    await world.show(moved, { indexResetAtMs: world.clock.nowMs() });
    expect(world.routers).toEqual(["a", "bb", "ccc"]);
    expect(world.disk.chart.text).toContain(":25000");
    world.stop.abort();
  });
});

test("a health check goes as soon as the machine has been read on which a service without routes has the port that it asks", async () => {
  const check = "traefik.http.services.web.loadbalancer.healthcheck";
  const tags = ["traefik.enable=true", `${check}.path=/health`, `${check}.port=24500`];
  const world = createWorld();
  await world.run();
  await world.show([instance({ tags })]);
  expect(world.disk.chart.text).toContain("24500");
  world.source.registers([instance({ service: "bank", id: "bank-1", port: 24_500, tags: [] })]);
  await world.clock.advance(30_000);
  expect(world.disk.chart.text).toContain("24001");
  expect(world.disk.chart.text).not.toContain("24500");
  world.source.registers([]);
  await world.clock.advance(30_000);
  expect(world.disk.chart.text).toContain("24500");
  world.stop.abort();
});

test("checks are read with the machines of fixed addresses, and not with those that health checks ask", async () => {
  const asking = createWorld();
  await asking.run();
  await asking.show([
    instance({ tags: ["traefik.enable=true", "traefik.http.services.web.loadbalancer.healthcheck.port=24500"] }),
  ]);
  expect(asking.source.hostReadings).toEqual([false]);
  asking.stop.abort();
  const config = newConfig();
  config["http/services"].set("nas", { loadBalancer: { servers: [{ url: "http://192.168.30.6:5000" }] } });
  const moving = createWorld(createDisk(), { ...NO_OPERATOR_CONFIG, config });
  await moving.run();
  await moving.show(services("web"));
  expect(moving.source.hostReadings).toEqual([true]);
  moving.stop.abort();
});

test("a version is made by what is served, not by a write that puts the same text back", async () => {
  const world = createWorld();
  await world.run();
  await world.show(services("web"));
  world.disk.chart.text = `${CHART_HEADER}\n`;
  world.source.show({ source: SOURCE, instances: services("web"), freshness: "live", readAtMs: 2 });
  await world.clock.advance(1_000);
  expect(world.routers, "the file says again what it should").toEqual(["web"]);
  await world.show(services("web", "wiki"));
  const versions = await world.disk.versions.list();
  expect(versions.map(({ number, reason }) => `${number}: ${reason}`)).toEqual(["2: 1 added: wiki", "1: 1 added: web"]);
  world.stop.abort();
});
