import { beforeEach, describe, expect, test } from "vitest";
import type { ChartFingerprints, DecidedFrom } from "../../src/daemon/confirmed-chart.ts";
import { instance } from "../builders/world.ts";
import { settle } from "../fakes/fake-clock.ts";
import { createDisk, createWorld, failure, many, SOURCE, services } from "./world.ts";

interface Kept {
  readonly text: string;
  readonly from: DecidedFrom;
  readonly dueAtMs: number | undefined;
}

let kept: Kept | undefined;
let fails: ReturnType<typeof failure> | undefined;
let disk: ReturnType<typeof createDisk> & { readonly fingerprints: ChartFingerprints };

beforeEach(() => {
  kept = undefined;
  fails = undefined;
  disk = {
    ...createDisk(),
    fingerprints: {
      match: async (text) => kept?.text === text,
      async keep(text, from, dueAtMs) {
        if (fails !== undefined) throw fails;
        kept = { text, from, dueAtMs };
      },
    },
  };
});

/** A daemon that shows these services, does what is given, and ends. */
async function runs(work: (world: ReturnType<typeof createWorld>) => Promise<void> | void): Promise<readonly string[]> {
  const world = createWorld(disk);
  const { ended } = await world.run();
  await work(world);
  world.stop.abort();
  await ended;
  return world.observer.reports;
}

describe("a chart that follows from what is stored", () => {
  test("is confirmed by the next start before its first pass, which follows all the same", async () => {
    await runs((world) => world.show(services("web")));
    expect(kept?.text).toBe(disk.chart.text);
    const world = createWorld(disk);
    await world.run();
    expect(world.observer.reports.slice(0, 2)).toEqual(["confirmed", "adopted 1 routers"]);
    expect(world.observer.passes).toBe(1);
    world.stop.abort();
  });

  test("keeps with it from what it was decided, and when time alone changes it", async () => {
    await runs(async (world) => {
      await world.show(services("web", "other"));
      await world.show(services("web"));
    });
    expect(kept?.from.catalogs).toEqual([[undefined, SOURCE]]);
    expect(kept?.dueAtMs).toBeGreaterThan(0);
  });

  test("is confirmed neither after an edit, nor beside a chart of none", async () => {
    await runs((world) => world.show(services("web")));
    disk.chart.text += " ";
    expect(await runs(settle)).not.toContain("confirmed");
    disk.chart.text = undefined;
    expect(await runs(settle)).not.toContain("confirmed");
  });

  test("is not confirmed under a rollback, and under none is no fingerprint kept", async () => {
    await runs((world) => world.show(services("web")));
    await disk.rollback.save({ number: 1, sinceMs: 0, text: disk.chart.text ?? "" }, 0);
    kept = { text: disk.chart.text ?? "", from: kept!.from, dueAtMs: undefined };
    expect(await runs(settle)).not.toContain("confirmed");
    kept = undefined;
    await runs((world) => world.show(services("web")));
    expect(kept).toBeUndefined();
  });

  test("ends a daemon all the same where the fingerprint cannot be kept, and that is told", async () => {
    fails = failure("E_OUTPUT_NO_SPACE");
    expect(await runs((world) => world.show(services("web")))).toContain("state unsaved E_OUTPUT_NO_SPACE");
  });
});

describe("no fingerprint is kept", () => {
  beforeEach(async () => {
    await runs((world) => world.show(many(20)));
    kept = undefined;
  });

  test.each<[string, (world: ReturnType<typeof createWorld>) => Promise<void> | void]>([
    ["before the catalog has answered", () => settle()],
    [
      "while the catalog may not show everything",
      (world) => world.show(many(20), { partialViewReasons: ["filtered"] }),
    ],
    ["while a removal is held", (world) => world.show(many(2))],
    [
      "where the state could not be stored",
      async (world) => {
        disk.kept.failWith(failure("E_OUTPUT_NO_SPACE"));
        await world.show([...many(20), instance({ service: "new", id: "new", port: 24_500 })]);
      },
    ],
    [
      "where the chart could not be written",
      async (world) => {
        await world.show(many(20));
        disk.chart.failWith(failure("E_OUTPUT_NO_SPACE"));
        await world.show([...many(20), instance({ service: "new", id: "new", port: 24_500 })]);
      },
    ],
  ])("%s", async (_, work) => {
    await runs(work);
    expect(kept).toBeUndefined();
  });

  test("but that of the last pass, where news comes as the daemon ends", async () => {
    const world = createWorld(disk);
    const { ended } = await world.run();
    await world.show(many(20));
    const before = disk.chart.text;
    world.stop.abort();
    world.source.show({ source: SOURCE, instances: many(21), freshness: "live", readAtMs: 2 });
    await ended;
    expect(kept?.text).toBe(before);
  });
});
