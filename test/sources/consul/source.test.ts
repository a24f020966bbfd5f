import { describe, expect, test } from "vitest";
import { type Clock, systemClock } from "../../../src/base/clock.ts";
import { answers500 } from "../../../src/simulator/faults/faults.ts";
import type { Catalog } from "../../../src/simulator/state/catalog.ts";
import { EXPOSED, inWorld, move, register, type World, type WorldOptions } from "./world.ts";

const SERVICES = ["s1", "s2", "s3", "s4", "s5"] as const;

function fill(catalog: Catalog, nodes: number): void {
  for (let node = 1; node <= nodes; node += 1) catalog.register({ Node: `node-${node}`, Address: "10.0.0.1" });
  for (const service of SERVICES) {
    register(catalog, { service });
    register(catalog, { service, id: `${service}-b`, node: "node-2" });
  }
}

/** The same catalog in three shapes: with enough connections, with few, and with more nodes than connections. */
const STRATEGIES: readonly [string, WorldOptions][] = [
  ["per-service", { budget: 12, prepare: (catalog) => fill(catalog, 2) }],
  ["per-node", { budget: 8, prepare: (catalog) => fill(catalog, 2) }],
  ["sweep", { budget: 8, prepare: (catalog) => fill(catalog, 5) }],
];

/** What happens in a catalog, and by what it is seen. */
const EVENTS: readonly [string, (world: World) => void, (world: World) => boolean][] = [
  [
    "a service that comes back on another port with the same check",
    ({ catalog }) => move(catalog, "s1", 25_000),
    ({ ports }) => ports("s1").includes(25_000),
  ],
  [
    "a check that turns critical",
    ({ catalog }) => catalog.setCheck("node-1", "service:s1", "critical"),
    ({ statuses }) => statuses("s1").includes("critical"),
  ],
  [
    "a check that turns to warning",
    ({ catalog }) => catalog.setCheck("node-2", "service:s5-b", "warning"),
    ({ statuses }) => statuses("s5").includes("warning"),
  ],
  [
    "another instance",
    ({ catalog }) => register(catalog, { service: "s2", id: "s2-c", port: 26_000 }),
    ({ ports }) => ports("s2").includes(26_000),
  ],
  [
    "an instance that leaves",
    ({ catalog }) => catalog.deregister({ Node: "node-2", ServiceID: "s3-b" }),
    ({ ports }) => ports("s3").length === 1,
  ],
  [
    "a node that leaves",
    ({ catalog }) => catalog.deregister({ Node: "node-2" }),
    ({ source }) => source.snapshot()?.instances.every(({ node }) => node !== "node-2") === true,
  ],
  [
    "a node that moves to another address",
    ({ catalog }) => catalog.register({ Node: "node-1", Address: "10.0.0.99" }),
    ({ source }) =>
      source
        .snapshot()
        ?.instances.filter(({ node }) => node === "node-1")
        .every(({ nodeAddress }) => nodeAddress === "10.0.0.99") === true,
  ],
  [
    "a check of a node that turns critical",
    ({ catalog }) =>
      catalog.register({ Node: "node-1", SkipNodeUpdate: true, Check: { Name: "disk", Status: "critical" } }),
    ({ statuses }) => SERVICES.every((service) => statuses(service).includes("critical")),
  ],
  [
    "a service that is hidden by its tags",
    ({ catalog }) => {
      register(catalog, { service: "s4", tags: [] });
      register(catalog, { service: "s4", id: "s4-b", node: "node-2", tags: [] });
    },
    ({ ports }) => ports("s4").length === 0,
  ],
];

describe.concurrent.each(STRATEGIES)("%s", (strategy, options) => {
  test("reads everything, then watches", async ({ expect }) => {
    await inWorld(options, async (world) => {
      await world.eventually("the first snapshot", () => world.source.snapshot());
      await world.watching();
      expect(world.reported.strategies).toEqual([strategy]);
      expect(world.source.snapshot()).toMatchObject({ source: "test", freshness: "live" });
      expect(SERVICES.map((service) => world.ports(service).length)).toEqual([2, 2, 2, 2, 2]);
      expect(world.source.state()).toMatchObject({
        strategy,
        services: 5,
        consecutiveFailures: 0,
        lastError: undefined,
      });
    });
  });

  test.each(EVENTS)("%s is seen", async (_what, happen, isSeen) => {
    await inWorld(options, async (world) => {
      await world.watching();
      expect(isSeen(world)).toBe(false);
      const { changes } = world;
      happen(world);
      await world.eventually("the change", () => isSeen(world));
      expect(world.changes).toBeGreaterThan(changes);
      expect(world.reported.failures).toEqual([]);
    });
  });

  test("a check that recovers, and a service that comes, goes and comes again", async ({ expect }) => {
    await inWorld(options, async (world) => {
      await world.watching();
      world.catalog.setCheck("node-1", "service:s1", "critical");
      await world.eventually("the failure", () => world.statuses("s1").includes("critical"));
      world.catalog.setCheck("node-1", "service:s1", "passing");
      await world.eventually("the recovery", () => !world.statuses("s1").includes("critical"));

      // In place of another, so that the number of services stays within the same strategy.
      world.catalog.deregister({ Node: "node-1", ServiceID: "s5" });
      world.catalog.deregister({ Node: "node-2", ServiceID: "s5-b" });
      await world.eventually("the departure", () => world.ports("s5").length === 0);
      register(world.catalog, { service: "s5", port: 28_000 });
      await world.eventually("the return", () => world.ports("s5").includes(28_000));
      expect(world.reported.strategies).toEqual([strategy]);
    });
  });

  test("a hidden service is not read, and seen as soon as it is exposed", async ({ expect }) => {
    await inWorld(options, async (world) => {
      await world.watching();
      register(world.catalog, { service: "hidden", tags: ["traefik.enable=false"], port: 29_000 });
      move(world.catalog, "s1", 25_000);
      await world.eventually("a later change", () => world.ports("s1").includes(25_000));
      expect(world.server.requests.count("/v1/health/service/hidden")).toBe(0);

      world.catalog.deregister({ Node: "node-1", ServiceID: "s5" });
      world.catalog.deregister({ Node: "node-2", ServiceID: "s5-b" });
      await world.eventually("room", () => world.ports("s5").length === 0);
      register(world.catalog, { service: "hidden", tags: [EXPOSED], port: 29_000 });
      await world.eventually("the exposure", () => world.ports("hidden").includes(29_000));
    });
  });

  test("what changes while the first read is still under way is not lost", async ({ expect }) => {
    const prepare = (catalog: Catalog): void => {
      options.prepare?.(catalog);
      catalog.setCheck("node-1", "service:s1", "critical");
    };
    await inWorld({ ...options, prepare }, async (world) => {
      // The first read has seen s1 as critical and is waiting for the last service.
      let isReleased = false;
      world.server.faults.set("/v1/health/service/s5", async ({ response, answer }) => {
        await world.eventually("the release", () => isReleased);
        const { status, headers, body } = await answer();
        response.writeHead(status, headers).end(body);
      });
      await world.eventually("the reads", () => world.server.requests.count("/v1/health/service/s*") === 5);
      world.catalog.setCheck("node-1", "service:s1", "passing");
      move(world.catalog, "s2", 25_000);
      register(world.catalog, { service: "s3", id: "s3-c", port: 26_000 });
      world.server.faults.clear();
      isReleased = true;
      await world.eventually(
        "the check",
        () => world.ports("s1").length === 2 && !world.statuses("s1").includes("critical"),
      );
      await world.eventually("the port", () => world.ports("s2").includes(25_000));
      await world.eventually("the instance", () => world.ports("s3").includes(26_000));
      expect(world.reported.failures).toEqual([]);
    });
  });

  test("an instance that takes another service's name leaves the old one within a wait", async () => {
    // Consul does not wake the query on the old name, so that only the end of its wait shows the departure.
    await inWorld({ ...options, waitMs: 300 }, async (world) => {
      await world.eventually("the first snapshot", () => world.ports("s1").length === 2);
      register(world.catalog, { service: "s2", id: "s1", port: 27_000 });
      await world.eventually("the new name", () => world.ports("s2").includes(27_000));
      await world.eventually("the old name", () => world.ports("s1").length === 1);
    });
  });

  test("a catalog that lost its data is recognised, and followed when it fills again", async () => {
    await inWorld(options, async (world) => {
      for (let write = 0; write < 20; write += 1) world.catalog.setCheck("node-1", "service:s1", "passing", `${write}`);
      await world.watching();
      world.catalog.wipe();
      await world.eventually("the reset", () => world.source.snapshot()?.indexResetAtMs);
      await world.eventually("the emptiness", () => world.source.snapshot()?.instances.length === 0);
      options.prepare?.(world.catalog);
      await world.eventually("the return", () => SERVICES.every((service) => world.ports(service).length === 2));
    });
  });
});

describe("200 services with three instances each on three nodes, and 64 connections", () => {
  const many: WorldOptions = {
    budget: 64,
    parallelReads: 8,
    waitMs: 60_000,
    prepare(catalog) {
      for (let service = 1; service <= 200; service += 1) {
        for (const node of ["node-1", "node-2", "node-3"]) {
          register(catalog, { service: `web-${service}`, id: `web-${service}-${node}`, node, port: 20_000 + service });
        }
      }
    },
  };

  test.each<[string, (world: World) => void, (world: World) => boolean]>([
    [
      "a change of a port",
      ({ catalog }) => move(catalog, "web-77", 31_000, { id: "web-77-node-2", node: "node-2" }),
      ({ ports }) => ports("web-77").includes(31_000),
    ],
    [
      "a change of health",
      ({ catalog }) => catalog.setCheck("node-3", "service:web-150-node-3", "critical"),
      ({ statuses }) => statuses("web-150").includes("critical"),
    ],
  ])("%s arrives within a second and costs ten requests at most", async (_what, happen, isSeen) => {
    await inWorld(many, async (world) => {
      await world.watching();
      expect(world.source.snapshot()?.instances).toHaveLength(600);
      world.server.requests.reset();
      happen(world);
      await world.eventually("the change", () => isSeen(world), 1_000);
      await world.eventually("quiet", () => world.source.state().openRequests === 6);
      expect(world.server.requests.count()).toBeLessThanOrEqual(10);
      expect(world.server.connections.max).toBeLessThanOrEqual(64);
    });
  });
});

describe("health", () => {
  const prepare = (catalog: Catalog) => fill(catalog, 2);

  async function goesThroughEveryState(world: World): Promise<void> {
    for (const status of ["critical", "warning", "critical", "passing", "warning", "passing"] as const) {
      world.catalog.setCheck("node-1", "service:s1", status);
      const expected = [status, "passing"].toSorted();
      await world.eventually(status, () => String(world.statuses("s1").toSorted()) === String(expected));
    }
  }

  test("is followed by one filtered query, through every state", async () => {
    await inWorld({ budget: 8, prepare }, async (world) => {
      await world.watching();
      await goesThroughEveryState(world);
      expect(world.server.requests.count("/v1/health/state/any")).toBeGreaterThan(0);
      expect(world.server.requests.count("/v1/health/state/*")).toBe(
        world.server.requests.count("/v1/health/state/any"),
      );
    });
  });

  test("is followed by a query for each state where checks write all the time, for ten minutes", async () => {
    // Pauses are an eighth of what they say: one answer in 25 ms is one in 200 ms, and a minute takes 7.5 s.
    const hurried: Clock = {
      nowMs: () => performance.now() * 8,
      sleep: (ms, signal) => systemClock.sleep(ms / 8, signal),
    };
    await inWorld({ strategy: "per-node", prepare, clock: hurried }, async (world) => {
      await world.watching();
      let output = 0;
      const isPrecise = () => {
        output += 1;
        world.catalog.setCheck("node-2", "service:s5-b", "passing", `said ${output}`);
        return world.server.requests.count("/v1/health/state/warning") > 0;
      };
      await world.eventually("the change of queries", isPrecise, 30_000);
      await goesThroughEveryState(world);
      expect(world.reported.failures).toEqual([]);
    });
  });
});

describe("growth and shrinkage", () => {
  test("services that outgrow the connections are watched in another way, and nothing is missed", async () => {
    await inWorld(
      { budget: 8, waitMs: 2_000, parallelReads: 16, prepare: (catalog) => register(catalog, { service: "first" }) },
      async (world) => {
        await world.watching();
        for (let number = 1; number <= 30; number += 1)
          register(world.catalog, { service: `s${number}`, id: `s${number}` });
        await world.eventually("all of them", () => world.source.state().services === 31);
        await world.watching();
        expect(world.reported.strategies).toEqual(["per-service", "per-node"]);
        move(world.catalog, "s30", 25_000);
        await world.eventually("a change", () => world.ports("s30").includes(25_000));
        expect(world.server.connections.max).toBeLessThanOrEqual(8);
      },
    );
  });

  test("nodes that outgrow the connections as well are swept", async () => {
    const options = { budget: 8, waitMs: 2_000, parallelReads: 16, prepare: (catalog: Catalog) => fill(catalog, 2) };
    await inWorld(options, async (world) => {
      await world.watching();
      fill(world.catalog, 5);
      await world.eventually("the sweep", () => world.reported.strategies.at(-1) === "sweep");
      await world.watching();
      move(world.catalog, "s1", 25_000);
      await world.eventually("a change", () => world.ports("s1").includes(25_000));
      expect(world.reported.strategies).toEqual(["per-node", "sweep"]);
      expect(world.server.connections.max).toBeLessThanOrEqual(8);
    });
  });

  test("a catalog that shrinks with room to spare is watched service by service again", async () => {
    await inWorld({ budget: 8, prepare: (catalog) => fill(catalog, 5) }, async (world) => {
      await world.watching();
      for (const service of ["s2", "s3", "s4", "s5"]) {
        world.catalog.deregister({ Node: "node-1", ServiceID: service });
        world.catalog.deregister({ Node: "node-2", ServiceID: `${service}-b` });
      }
      await world.eventually("the change of strategy", () => world.reported.strategies.at(-1) === "per-service");
      expect(world.source.state().services).toBe(1);
    });
  });

  test("trouble of queries that ended with their strategy is over", async () => {
    await inWorld({ budget: 8, prepare: (catalog) => register(catalog, { service: "first" }) }, async (world) => {
      await world.watching();
      world.server.faults.set("/v1/health/service/first", answers500());
      move(world.catalog, "first", 25_000);
      await world.eventually("the failure", () => world.source.state().consecutiveFailures > 0);
      for (const service of SERVICES) register(world.catalog, { service });
      await world.eventually(
        "the end of the first strategy",
        () => world.reported.failures.at(-1)?.target === "complete read",
      );
      world.server.faults.clear();
      await world.eventually("the second strategy", () => world.reported.strategies.length === 2);
      expect(world.source.state()).toMatchObject({ consecutiveFailures: 0, lastError: undefined });
      expect(world.reported.recoveries).toHaveLength(1);
    });
  });
});

describe("confirm", () => {
  const prepare = (catalog: Catalog): void => fill(catalog, 2);

  test("reads everything again with the strongest consistency, and says when", async () => {
    await inWorld({ prepare }, async (world) => {
      await world.watching();
      const before = Date.now();
      world.server.requests.reset();
      await world.source.confirm(new AbortController().signal);
      expect(world.source.snapshot()?.confirmedAtMs).toBeGreaterThanOrEqual(before);
      expect(world.server.requests.count()).toBe(1 + SERVICES.length);
      for (const path of ["/v1/catalog/services", ...SERVICES.map((service) => `/v1/health/service/${service}`)]) {
        expect(world.server.requests.last(path)?.url).toBe(`${path}?consistent=1`);
      }
    });
  });

  test("fails where one of its reads fails, and leaves everything as it was", async () => {
    await inWorld({ prepare }, async (world) => {
      await world.watching();
      const snapshot = world.source.snapshot();
      world.server.faults.set("/v1/health/service/s3", answers500());
      await expect(world.source.confirm(new AbortController().signal)).rejects.toMatchObject({
        code: "E_CATALOG_STATUS",
      });
      expect(world.source.snapshot()).toBe(snapshot);
    });
  });

  test("does not take away what has registered meanwhile", async () => {
    await inWorld({ prepare }, async (world) => {
      await world.watching();
      let isReleased = false;
      world.server.faults.set("/v1/health/service/s1", async ({ response, answer }) => {
        await world.eventually("the release", () => isReleased);
        const { status, headers, body } = await answer();
        response.writeHead(status, headers).end(body);
      });
      const confirming = world.source.confirm(new AbortController().signal);
      await world.eventually("its reads", () =>
        world.server.requests.last("/v1/health/service/s1")?.url.includes("consistent"),
      );
      register(world.catalog, { service: "newcomer" });
      await world.eventually("the newcomer", () => world.ports("newcomer").length === 1);
      isReleased = true;
      await confirming;
      expect(world.ports("newcomer")).toHaveLength(1);
    });
  });
});
