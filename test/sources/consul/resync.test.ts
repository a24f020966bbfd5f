import { describe, expect, test } from "vitest";
import { answers500 } from "../../../src/simulator/faults/faults.ts";
import { inWorld, move, register, type World, type WorldOptions } from "./world.ts";

const OPTIONS: WorldOptions = {
  strategy: "per-node",
  resyncMs: 300,
  prepare(catalog) {
    for (const service of ["s1", "s2", "s3"]) register(catalog, { service });
  },
};

/** A second check that passes: it changes no registration and joins no state, so that neither watch wakes for it. */
function addCheckUnseen({ catalog }: World): void {
  const Check = { CheckID: "second", Name: "another look", Status: "passing", ServiceID: "s2" };
  catalog.register({ Node: "node-1", Address: "10.0.0.1", SkipNodeUpdate: true, Check });
}

test("what a watch has missed is found by the next complete read, counted and reported", async () => {
  await inWorld(OPTIONS, async (world) => {
    await world.watching();
    expect(world.statuses("s2")).toHaveLength(1);
    addCheckUnseen(world);
    await world.eventually("the second check", () => world.statuses("s2").length === 2, 6_000);
    expect(world.reported.missed).toEqual(["s2"]);
    expect(world.source.state().missedChanges).toBe(1);
  });
});

test("what the watch brings by itself meanwhile was not missed", async () => {
  await inWorld(OPTIONS, async (world) => {
    await world.watching();
    for (let port = 25_000; port < 25_004; port += 1) {
      move(world.catalog, "s1", port);
      await world.eventually("the port", () => world.ports("s1").includes(port));
    }
    const reads = world.server.requests.count("/v1/catalog/services");
    await world.eventually(
      "another complete read",
      () => world.server.requests.count("/v1/catalog/services") > reads + 1,
      6_000,
    );
    expect(world.reported.missed).toEqual([]);
    expect(world.source.state().missedChanges).toBe(0);
  });
});

describe("a service that has gone without any query waking", () => {
  test("leaves with the next complete read", async () => {
    await inWorld({ ...OPTIONS, strategy: "per-service" }, async (world) => {
      await world.watching();
      // The list and the service's own poll meet a server that does not answer them any more.
      world.server.faults.set("/v1/health/service/s3", answers500());
      world.catalog.deregister({ Node: "node-1", ServiceID: "s3" });
      await world.eventually("its end", () => world.ports("s3").length === 0, 6_000);
      expect(world.source.snapshot()?.instances).toHaveLength(2);
    });
  });
});

test("a complete read that fails changes nothing and is no failure of the watch", async () => {
  await inWorld(OPTIONS, async (world) => {
    await world.watching();
    world.server.faults.set("/v1/catalog/services", answers500());
    const before = world.server.requests.count("/v1/catalog/services");
    await world.eventually("two tries", () => world.server.requests.count("/v1/catalog/services") >= before + 2, 4_000);
    expect(world.reported.failures).toEqual([]);
    expect(world.source.snapshot()?.instances).toHaveLength(3);
  });
});
