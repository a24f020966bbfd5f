import { describe, expect, test } from "vitest";
import {
  answers403,
  answers429,
  answers500,
  answersBytes,
  answersHtml,
  answersWrongType,
  cutsMidBody,
  type Fault,
  indexGoesBack,
  indexZero,
  noIndexHeader,
} from "../../../src/simulator/faults/faults.ts";
import type { NomadCatalog } from "../../../src/simulator/nomad/catalog.ts";
import { inWorld, register, type World, type WorldOptions } from "./world.ts";

const SERVICES = ["s1", "s2", "s3", "s4", "s5"] as const;

/** Two allocations of each service, with IDs by which the tests can take them away again. */
function fill(catalog: NomadCatalog, services: readonly string[] = SERVICES): void {
  for (const service of services) {
    register(catalog, service, 24_001, { ID: `${service}-a` });
    register(catalog, service, 24_002, { ID: `${service}-b`, NodeID: "node-2" });
  }
}

/** The same catalog with enough connections and with few. */
const STRATEGIES: readonly [string, WorldOptions][] = [
  ["per-service", { budget: 12, prepare: fill }],
  ["sweep", { budget: 8, prepare: fill }],
];

const EVENTS: readonly [string, (world: World) => void, (world: World) => boolean][] = [
  [
    "a service that comes back on another port under the same ID",
    ({ catalog }) => register(catalog, "s1", 25_000, { ID: "s1-a" }),
    ({ ports }) => ports("s1").includes(25_000),
  ],
  [
    "another allocation",
    ({ catalog }) => register(catalog, "s2", 26_000, { ID: "s2-c" }),
    ({ ports }) => ports("s2").includes(26_000),
  ],
  [
    "an allocation that ends",
    ({ catalog }) => catalog.deregister({ ID: "s3-b" }),
    ({ ports }) => ports("s3").length === 1,
  ],
  [
    "a service whose last allocation ends",
    ({ catalog }) => {
      catalog.deregister({ ID: "s3-a" });
      catalog.deregister({ ID: "s3-b" });
    },
    ({ ports }) => ports("s3").length === 0,
  ],
  [
    "a canary's tags after its promotion",
    ({ catalog }) => register(catalog, "s4", 24_001, { ID: "s4-a", Tags: ["traefik.enable=true", "promoted"] }),
    ({ source }) => source.snapshot()?.instances.some(({ tags }) => tags.includes("promoted")) === true,
  ],
  [
    "a service that is hidden by its tags",
    ({ catalog }) => {
      register(catalog, "s4", 24_001, { ID: "s4-a", Tags: [] });
      register(catalog, "s4", 24_002, { ID: "s4-b", NodeID: "node-2", Tags: null });
    },
    ({ ports }) => ports("s4").length === 0,
  ],
];

describe.concurrent.each(STRATEGIES)("%s", (strategy, options) => {
  test("reads everything, then watches", async ({ expect }) => {
    await inWorld(options, async ({ source, server, strategies, failures, ports, watching }) => {
      await watching();
      expect(strategies).toEqual([strategy]);
      expect(source.snapshot()).toMatchObject({ source: "test", freshness: "live" });
      expect(SERVICES.map((service) => ports(service))).toEqual(SERVICES.map(() => [24_001, 24_002]));
      expect(source.snapshot()?.instances[0]).toMatchObject({ catalog: "nomad", namespace: "default", checks: [] });
      expect(source.state()).toMatchObject({ strategy, services: 5, consecutiveFailures: 0, lastError: undefined });
      expect(server.connections.max).toBeLessThanOrEqual(source.state().connectionBudget);
      expect(failures).toEqual([]);
    });
  });

  test.each(EVENTS)("%s is seen", async (_what, happen, isSeen) => {
    await inWorld(options, async (world) => {
      await world.watching();
      expect(isSeen(world)).toBe(false);
      happen(world);
      await world.eventually("the change", () => isSeen(world));
      expect(world.failures).toEqual([]);
    });
  });

  test("a hidden service is not read, and seen as soon as it is exposed", async ({ expect }) => {
    await inWorld(options, async ({ catalog, server, ports, watching, eventually }) => {
      await watching();
      register(catalog, "hidden", 29_000, { ID: "hidden", Tags: ["traefik.enable=false"] });
      register(catalog, "s1", 25_000, { ID: "s1-a" });
      await eventually("a later change", () => ports("s1").includes(25_000));
      expect(server.requests.count("/v1/service/hidden")).toBe(0);
      register(catalog, "hidden", 29_000, { ID: "hidden" });
      await eventually("the exposure", () => ports("hidden").includes(29_000));
    });
  });

  test("servers that lost their data are noticed by the index that fell", async ({ expect }) => {
    await inWorld(options, async ({ catalog, source, ports, watching, eventually }) => {
      await watching();
      expect(source.snapshot()?.indexResetAtMs).toBeUndefined();
      catalog.wipe();
      await eventually("the reset", () => source.snapshot()?.indexResetAtMs);
      register(catalog, "s1", 27_000, { ID: "s1-a" });
      await eventually("the data since then", () => String(ports("s1")) === "27000" && ports("s5").length === 0);
      expect(source.state().indexResets).toBe(1);
    });
  });

  test("an agent that comes back is followed again, with what changed meanwhile", async ({ expect }) => {
    await inWorld(options, async ({ catalog, server, source, failures, ports, watching, eventually }) => {
      await watching();
      await server.close();
      await eventually("the failure", () => failures.length > 0);
      register(catalog, "s1", 25_000, { ID: "s1-a" });
      expect(ports("s1")).toContain(24_001);
      await server.reopen();
      await eventually("the news", () => ports("s1").includes(25_000));
      await eventually("everything to be sound", () => source.state().consecutiveFailures === 0);
    });
  });
});

const ERRORS: readonly [string, Fault, string][] = [
  ["HTML", answersHtml(), "E_CATALOG_NOT_JSON"],
  ["half a body", cutsMidBody(), "E_CATALOG_CUT"],
  ["another type", answersWrongType(), "E_CATALOG_SHAPE"],
  ["more than is accepted", answersBytes(1024 * 1024 + 1), "E_CATALOG_TOO_LARGE"],
  ["no index", noIndexHeader(), "E_CATALOG_NO_INDEX"],
  ["index 0", indexZero(), "E_CATALOG_DENIED"],
  ["status 500", answers500(), "E_CATALOG_STATUS"],
  ["status 403", answers403(), "E_CATALOG_DENIED"],
  // Not a legal Retry-After, but a short one.
  ["status 429", answers429(0.1), "E_CATALOG_BUSY"],
];

describe.concurrent.each([
  ["per-service", 12],
  ["sweep", 8],
] as const)("bad answers, %s", (_strategy, budget) => {
  test.each(ERRORS)(
    "%s: the last good snapshot stays, and news gets through afterwards",
    async (_what, fault, code) => {
      // A wait so short that every query meets the fault soon after it has begun.
      await inWorld({ budget, waitMs: 150, prepare: fill }, async (world) => {
        const { catalog, server, source, failures, ports, eventually } = world;
        await eventually("the first snapshot", () => source.snapshot()?.instances.length === 10);
        await eventually("the watch", () => world.strategies.length === 1);
        server.faults.set("*", fault);
        await eventually("every query to fail", () => source.state().openRequests === 0 && failures.length > 4);
        register(catalog, "s1", 25_000, { ID: "s1-a" });
        const reported = failures.length;
        await eventually("more failures", () => failures.length > reported + 1);
        expect(ports("s1")).toEqual([24_001, 24_002]);
        expect(source.snapshot()?.instances).toHaveLength(10);
        expect(new Set(failures.map((failure) => failure.code))).toEqual(new Set([code]));
        server.faults.clear();
        await eventually("the news", () => ports("s1").includes(25_000));
        expect(source.snapshot()?.instances).toHaveLength(10);
      });
    },
  );

  test.each(ERRORS)("%s at the start: no snapshot until a complete, error-free read", async (_what, fault, code) => {
    await inWorld({ budget, isClosed: true, prepare: fill }, async ({ server, source, failures, eventually }) => {
      server.faults.set("/v1/service/s3", fault);
      await server.reopen();
      await eventually("the failure", () => failures.some((failure) => failure.code === code));
      expect(source.snapshot()).toBeUndefined();
      server.faults.clear();
      await eventually("the snapshot", () => source.snapshot()?.instances.length === 10);
    });
  });
});

test("an index that goes back with every answer makes no busy loop", async () => {
  await inWorld({ budget: 8, prepare: fill }, async ({ catalog, server, ports, watching, eventually }) => {
    await watching();
    server.faults.set("*", indexGoesBack(3));
    const startMs = performance.now();
    server.requests.reset();
    // The query that is open was asked before the fault: the first change wakes it, the second meets the fault.
    register(catalog, "s1", 25_000, { ID: "s1-a" });
    await eventually("the next query", () => server.requests.count("/v1/services") === 1);
    register(catalog, "s1", 26_000, { ID: "s1-a" });
    await eventually("the news", () => ports("s1").includes(26_000));
    await eventually("several rounds", () => server.requests.count("/v1/services") >= 6);
    const seconds = (performance.now() - startMs) / 1_000;
    expect(server.requests.count("/v1/services")).toBeLessThanOrEqual(5 * seconds + 4);
  });
});

test("with every namespace each service keeps its own", async () => {
  const prepare = (catalog: NomadCatalog) => {
    register(catalog, "web", 24_001, { Namespace: "team-a" });
    register(catalog, "web", 24_002, { Namespace: "team-b" });
  };
  await inWorld({ namespaces: ["*"], prepare }, async ({ catalog, server, source, ports, eventually }) => {
    await eventually("the snapshot", () => source.snapshot());
    expect(source.snapshot()?.instances.map(({ namespace, port }) => [namespace, port])).toEqual([
      ["team-a", 24_001],
      ["team-b", 24_002],
    ]);
    register(catalog, "web", 25_000, { Namespace: "team-b" });
    await eventually("the change", () => String(ports("web")) === "24001,25000");
    register(catalog, "api", 26_000, { Namespace: "team-c" });
    await eventually("a namespace that is new", () => ports("api").length === 1);
    expect(server.requests.last("/v1/service/api")?.url).toContain("namespace=team-c");
  });
});

test("one namespace sees nothing of another", async () => {
  const prepare = (catalog: NomadCatalog) => {
    register(catalog, "web", 24_001, { Namespace: "team-a" });
    register(catalog, "web", 24_002, { Namespace: "team-b" });
  };
  await inWorld({ namespaces: ["team-b"], prepare }, async ({ source, ports, watching }) => {
    await watching();
    expect(ports("web")).toEqual([24_002]);
    expect(source.state().services).toBe(1);
  });
});

test("services that outgrow the connections are swept, and watched one by one again when they are few", async () => {
  await inWorld({ budget: 8, waitMs: 2_000, prepare: (catalog) => fill(catalog, ["s1"]) }, async (world) => {
    const { catalog, server, strategies, ports, watching, eventually } = world;
    await watching();
    fill(catalog);
    await eventually("the sweep", () => strategies.at(-1) === "sweep");
    await watching();
    register(catalog, "s5", 25_000, { ID: "s5-a" });
    await eventually("a change", () => ports("s5").includes(25_000));
    for (const service of ["s2", "s3", "s4", "s5"]) {
      for (const allocation of ["a", "b"]) catalog.deregister({ ID: `${service}-${allocation}` });
    }
    await eventually("the return", () => strategies.at(-1) === "per-service");
    expect(strategies).toEqual(["per-service", "sweep", "per-service"]);
    expect(server.connections.max).toBeLessThanOrEqual(8);
  });
});

test("a change wakes the poll of its own service and the list, and no other", async () => {
  await inWorld({ budget: 12, prepare: fill }, async ({ catalog, server, ports, watching, eventually }) => {
    await watching();
    server.requests.reset();
    register(catalog, "s1", 25_000, { ID: "s1-a" });
    await eventually("the change", () => ports("s1").includes(25_000));
    await eventually("the polls", () => server.requests.count() === 2);
    expect(server.requests.count("/v1/service/s1")).toBe(1);
    expect(server.requests.count("/v1/services")).toBe(1);
  });
});

test("confirm reads everything again from the leader, and says when", async () => {
  await inWorld({ prepare: fill }, async ({ server, source, watching }) => {
    await watching();
    const before = Date.now();
    server.requests.reset();
    await source.confirm(new AbortController().signal);
    expect(source.snapshot()?.confirmedAtMs).toBeGreaterThanOrEqual(before);
    expect(server.requests.count()).toBe(1 + SERVICES.length);
    for (const path of ["/v1/services", ...SERVICES.map((service) => `/v1/service/${service}`)]) {
      expect(server.requests.last(path)?.url).not.toContain("stale");
    }
  });
});
