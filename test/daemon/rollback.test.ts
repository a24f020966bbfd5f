import { describe, expect, test } from "vitest";
import { createWorld, failure, many } from "./world.ts";

/** Version 1 has two routers, version 2 three. */
async function grownWorld() {
  const world = createWorld();
  const { ended } = await world.run();
  await world.show(many(2));
  await world.clock.advance(10_000);
  await world.show(many(3));
  await world.clock.advance(10_000);
  return { world, ended };
}

describe("a rollback", () => {
  test("publishes the earlier chart byte for byte, and withholds the catalog's news until the release", async () => {
    const { world } = await grownWorld();
    const [second, first] = await world.disk.versions.list();
    expect([first?.reason, second?.reason]).toEqual(["2 added: s1, s2", "1 added: s3"]);
    await world.daemon.rollBack(1);
    await world.clock.advance(1_000);
    expect(world.disk.chart.text).toBe(await world.disk.versions.text(1));
    await world.show(many(5));
    await world.clock.advance(10_000);
    expect(world.routers).toEqual(["s1", "s2"]);
    expect(world.daemon.rollback()?.number).toBe(1);

    expect(await world.daemon.release()).toMatchObject({ rollback: { number: 1 }, holds: [] });
    await world.clock.advance(1_000);
    expect(world.routers).toEqual(["s1", "s2", "s3", "s4", "s5"]);
    expect(world.observer.reports.slice(-3)).toEqual([
      expect.stringMatching(/^written .*: $/),
      "released rollback to 1",
      expect.stringMatching(/^written .*: added s3,added s4,added s5$/),
    ]);
    world.stop.abort();
  });

  test("stays over a restart, even where the file was deleted meanwhile and no catalog answers", async () => {
    const { world, ended } = await grownWorld();
    await world.daemon.rollBack(1);
    await world.clock.advance(1_000);
    const { text } = world.disk.chart;
    world.stop.abort();
    await ended;
    world.disk.chart.text = undefined;
    const next = createWorld(world.disk);
    await next.run();
    expect(next.disk.chart.text).toBe(text);
    await next.show(many(4));
    expect(next.routers).toEqual(["s1", "s2"]);
    await next.daemon.release();
    await next.clock.advance(1_000);
    expect(next.routers).toEqual(["s1", "s2", "s3", "s4"]);
    next.stop.abort();
  });

  test("is guarded when it ends: what would leave in a mass is held, and a second release ends that", async () => {
    const world = createWorld();
    await world.run();
    await world.show(many(10));
    await world.show(many(1));
    await world.daemon.release();
    await world.clock.advance(600_000);
    expect(world.routers).toEqual(["s1"]);
    await world.daemon.rollBack(1);
    await world.clock.advance(1_000);
    expect(world.routers).toHaveLength(10);
    await world.daemon.release();
    await world.clock.advance(1_000);
    expect(world.routers).toHaveLength(10);
    expect(world.observer.reports.at(-1)).toBe("held mass-removal: s10,s2,s3,s4,s5,s6,s7,s8,s9");
    await world.daemon.release();
    await world.clock.advance(600_000);
    expect(world.routers).toEqual(["s1"]);
    world.stop.abort();
  });

  test("to a version that is not kept, or that could not survive a restart, is refused and changes nothing", async () => {
    const { world } = await grownWorld();
    const { text } = world.disk.chart;
    await expect(world.daemon.rollBack(9)).rejects.toMatchObject({ code: "E_VERSION_UNKNOWN" });
    world.disk.rollback.failWith(failure("E_OUTPUT_NO_SPACE"));
    await expect(world.daemon.rollBack(1)).rejects.toMatchObject({ code: "E_OUTPUT_NO_SPACE" });
    await world.clock.advance(10_000);
    expect(world.disk.chart.text).toBe(text);
    expect(world.daemon.rollback()).toBeUndefined();
    world.stop.abort();
  });
});
