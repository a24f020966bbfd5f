import { describe, expect, test } from "vitest";
import type { ServiceInstance } from "../../src/core/catalog/snapshot.ts";
import { createDaemon } from "../../src/daemon/daemon.ts";
import { FIRST_CHART_PATIENCE_MS } from "../../src/daemon/first-chart.ts";
import { createQuietWindow } from "../../src/daemon/quiet-window.ts";
import type { StoredSnapshot } from "../../src/daemon/stored-snapshot.ts";
import { settings } from "../builders/world.ts";
import { createFakeClock, settle } from "../fakes/fake-clock.ts";
import { createFakeSource } from "../fakes/fake-source.ts";
import { createFakeState } from "../fakes/fake-state.ts";
import { createRecordingObserver } from "../fakes/recording-observer.ts";
import { createDisk, failure, many, routersIn, services } from "./world.ts";

const NAMES = ["dc1", "dc2"] as const;
type Name = (typeof NAMES)[number];

function createSnapshots(journal: string[]) {
  return {
    dc1: createFakeState<StoredSnapshot>("snapshot of dc1", journal),
    dc2: createFakeState<StoredSnapshot>("snapshot of dc2", journal),
  };
}

/** A disk with a file for the last good snapshot of each catalog. */
function createDisks() {
  const { lastGood: _, ...disk } = createDisk();
  return { ...disk, snapshots: createSnapshots(disk.journal) };
}

/** A daemon with two catalogs whose world is in memory; `disk` may be handed on to a second one. */
function createWorld(disk = createDisks()) {
  const clock = createFakeClock();
  const quietWindow = createQuietWindow({ clock, timing: () => ({ quietMs: 100, maxDelayMs: 1_000 }) });
  const source = (name: Name) => createFakeSource(`source of ${name}`, clock, () => quietWindow.changed());
  const sources = { dc1: source("dc1"), dc2: source("dc2") };
  const observer = createRecordingObserver();
  const core = settings();
  const { snapshots, ...parts } = disk;
  const catalogs = NAMES.map((name) => ({ name, source: sources[name], lastGood: snapshots[name] }));
  const daemon = createDaemon({ ...parts, catalogs, quietWindow, clock, observer, settings: () => core });
  const stop = new AbortController();
  return {
    clock,
    sources,
    observer,
    disk,
    async run() {
      await daemon.start();
      const ended = daemon.run(stop.signal);
      await settle();
      return {
        async stop() {
          stop.abort();
          await ended;
        },
      };
    },
    async show(name: Name, instances: readonly ServiceInstance[], indexResetAtMs?: number) {
      const reset = indexResetAtMs === undefined ? {} : { indexResetAtMs };
      const { source: from } = sources[name];
      sources[name].show({ source: from, instances, freshness: "live", readAtMs: clock.nowMs(), ...reset });
      await clock.advance(100);
    },
    get routers() {
      return routersIn(disk.chart.text);
    },
  };
}

/** A disk on which a daemon has published these services of both and ended. */
async function diskAfter(ofOne: readonly ServiceInstance[], ofOther: readonly ServiceInstance[]) {
  const world = createWorld();
  const running = await world.run();
  await world.show("dc1", ofOne);
  await world.show("dc2", ofOther);
  await running.stop();
  world.disk.journal.splice(0);
  return world.disk;
}

describe("the first chart of all", () => {
  test("is written as soon as every catalog has answered", async () => {
    const world = createWorld();
    const running = await world.run();
    await world.show("dc1", services("a"));
    await world.clock.advance(FIRST_CHART_PATIENCE_MS - 1_000);
    expect(world.disk.chart.text).toBeUndefined();
    await world.show("dc2", services("bb"));
    expect(world.routers).toEqual(["a", "bb"]);
    await running.stop();
  });

  test("is written without a catalog that has not answered in time, which is added when it has", async () => {
    const world = createWorld();
    const running = await world.run();
    await world.clock.advance(3_600_000);
    await world.show("dc1", services("a"));
    await world.clock.advance(FIRST_CHART_PATIENCE_MS);
    expect(world.routers).toEqual(["a"]);
    await world.show("dc2", services("bb"));
    expect(world.routers).toEqual(["a", "bb"]);
    await running.stop();
  });
});

describe("a catalog that is away at the start", () => {
  test("is served from its own last good snapshot, and the other's news go through", async () => {
    const disk = await diskAfter(services("a"), services("bb"));
    const world = createWorld(disk);
    const running = await world.run();
    await world.show("dc1", services("a", "new"));
    expect(world.routers).toEqual(["a", "bb", "new"]);
    expect(disk.journal).toContain("snapshot of dc1 saved");
    expect(disk.journal).not.toContain("snapshot of dc2 saved");
    expect(disk.snapshots.dc2.value?.instances).toEqual(services("bb"));
    await running.stop();
  });

  test("keeps what the chart has of it where no snapshot is stored, until it has answered", async () => {
    const disk = await diskAfter(services("a", "ccc"), services("bb"));
    disk.snapshots.dc2.value = undefined;
    const world = createWorld(disk);
    const running = await world.run();
    await world.show("dc1", services("a"));
    await world.clock.advance(3_600_000);
    expect(world.routers).toEqual(["a", "bb"]);
    expect(world.observer.reports).toContain("held dc2: source-away: bb");
    await world.show("dc2", services("dddd"));
    expect(world.observer.reports.at(-1)).toBe("held dc2: mass-removal: bb");
    expect(world.routers).toContain("dddd");
    await world.clock.advance(11_000);
    expect(world.observer.reports.at(-1)).toBe("released dc2: mass-removal");
    await running.stop();
  });

  test("is not served from another's snapshot", async () => {
    const disk = await diskAfter(services("a"), services("bb"));
    disk.snapshots.dc2.value = disk.snapshots.dc1.value;
    const world = createWorld(disk);
    await (await world.run()).stop();
    expect(world.observer.reports).toEqual([
      "adopted 2 routers",
      "stored snapshot of dc1: 1 instances stands in",
      "held dc2: source-away: bb",
    ]);
  });
});

describe("a catalog that loses all its services", () => {
  test("is held and read again by itself, and the other's removals go through", async () => {
    const world = createWorld();
    const running = await world.run();
    await world.show("dc1", many(10));
    await world.show("dc2", services("x", "yy"));
    await world.show("dc2", []);
    expect(world.observer.reports.at(-1)).toBe("held dc2: mass-removal: x,yy");
    await world.show("dc1", many(9));
    expect(world.observer.reports.at(-1)).toMatch(/emptied s10$/);
    expect([world.sources.dc1.confirmations, world.sources.dc2.confirmations]).toEqual([0, 1]);

    await world.clock.advance(11_000);
    expect([world.sources.dc1.confirmations, world.sources.dc2.confirmations]).toEqual([0, 2]);
    expect(world.observer.reports.at(-1)).toBe("released dc2: mass-removal");
    await running.stop();
  });

  test("while it cannot be read, stays held; the other one is confirmed and released alone", async () => {
    const world = createWorld();
    const running = await world.run();
    await world.show("dc1", many(10));
    await world.show("dc2", services("x", "yy"));
    world.sources.dc2.failToConfirm(failure("E_CATALOG_CONNECTION"));
    await world.show("dc1", []);
    await world.show("dc2", []);
    await world.clock.advance(60_000);
    expect(world.observer.reports).toContain("confirm failed dc2: E_CATALOG_CONNECTION");
    expect(world.observer.reports.filter((line) => line.startsWith("released"))).toEqual([
      "released dc1: mass-removal",
    ]);
    world.sources.dc2.failToConfirm(undefined);
    await world.clock.advance(2_000);
    expect(world.observer.reports.at(-1)).toBe("released dc2: mass-removal");
    await running.stop();
  });

  test("after a reset is held for its reset, and the other is not", async () => {
    const world = createWorld();
    const running = await world.run();
    await world.show("dc1", services("a", "bb"));
    await world.show("dc2", services("x", "yy"));
    await world.show("dc2", [], world.clock.nowMs());
    await world.show("dc1", services("a"));
    expect(world.observer.reports.slice(-2)).toEqual([
      "held dc2: catalog-reset: x,yy",
      expect.stringMatching(/^written .*emptied bb$/),
    ]);
    await running.stop();
  });
});
