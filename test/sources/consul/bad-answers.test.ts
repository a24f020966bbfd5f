import { describe, expect, test, vi } from "vitest";
import {
  answers403,
  answers429,
  answers500,
  answersBytes,
  answersHtml,
  answersWrongType,
  cutsMidBody,
  type Fault,
  hangs,
  indexGoesBack,
  indexZero,
  noIndexHeader,
} from "../../../src/simulator/faults/faults.ts";
import type { Catalog } from "../../../src/simulator/state/catalog.ts";
import { inWorld, move, register, type WorldOptions } from "./world.ts";

const SERVICES = ["s1", "s2", "s3", "s4", "s5"] as const;

function prepare(catalog: Catalog): void {
  for (const service of SERVICES) register(catalog, { service });
}

/** A wait so short that every query meets the fault soon after it has begun. */
const PER_SERVICE: WorldOptions = { budget: 12, waitMs: 150, prepare };
const PER_NODE: WorldOptions = { ...PER_SERVICE, budget: 8 };

const ERRORS: readonly [string, Fault, string][] = [
  ["HTML", answersHtml(), "E_CATALOG_NOT_JSON"],
  ["half a body", cutsMidBody(), "E_CATALOG_CUT"],
  ["another type", answersWrongType(), "E_CATALOG_SHAPE"],
  ["more than is accepted", answersBytes(1024 * 1024 + 1), "E_CATALOG_TOO_LARGE"],
  ["no index", noIndexHeader(), "E_CATALOG_NO_INDEX"],
  ["status 500", answers500(), "E_CATALOG_STATUS"],
  ["status 403", answers403(), "E_CATALOG_DENIED"],
  // Not a legal Retry-After, but a short one.
  ["status 429", answers429(0.1), "E_CATALOG_BUSY"],
];

describe.concurrent.each([
  ["per-service", PER_SERVICE],
  ["per-node", PER_NODE],
] as const)("%s", (_strategy, options) => {
  test.each(ERRORS)(
    "%s: the last good snapshot stays, the failure is reported, and news gets through afterwards",
    async (_what, fault, code) => {
      await inWorld(options, async ({ catalog, server, source, reported, ports, eventually }) => {
        await eventually("the first snapshot", () => source.snapshot()?.instances.length === 5);
        await eventually("the watch", () => reported.strategies.length === 1);
        server.faults.set("*", fault);
        await eventually(
          "every query to fail",
          () => source.state().openRequests === 0 && reported.failures.length > 4,
        );
        move(catalog, "s1", 25_000);
        const failures = reported.failures.length;
        await eventually("more failures", () => reported.failures.length > failures + 4);

        expect(source.snapshot()?.instances.map(({ port }) => port)).toEqual([24_001, 24_001, 24_001, 24_001, 24_001]);
        expect(new Set(reported.failures.map((failure) => failure.code))).toEqual(new Set([code]));
        expect(source.state()).toMatchObject({ lastError: { code }, consecutiveFailures: expect.any(Number) });

        server.faults.clear();
        await eventually("the news", () => ports("s1").includes(25_000));
        await eventually("everything to be sound", () => source.state().consecutiveFailures === 0);
        expect(source.snapshot()?.instances).toHaveLength(5);
        expect(reported.news).toEqual([code]);
        expect(reported.recoveries).toHaveLength(1);
      });
    },
  );

  test.each(ERRORS)("%s at the start: no snapshot until a complete, error-free read", async (_what, fault, code) => {
    await inWorld({ ...options, isClosed: true }, async ({ server, source, reported, changes, eventually }) => {
      server.faults.set("/v1/health/service/s3", fault);
      await server.reopen();
      await eventually("the failure", () => reported.failures.some((failure) => failure.code === code));
      expect(source.snapshot()).toBeUndefined();
      expect(changes).toBe(0);
      server.faults.clear();
      await eventually("the snapshot", () => source.snapshot()?.instances.length === 5);
    });
  });

  test.each([
    ["index 0", indexZero()],
    ["an index that has gone back", indexGoesBack(3)],
  ])("%s with every answer: news gets through, a few requests a second, and no busy loop", async (_what, fault) => {
    // A long wait: a query with an index that is always news gets an answer at once.
    await inWorld(
      { ...options, waitMs: 10_000 },
      async ({ catalog, server, source, reported, ports, watching, eventually }) => {
        await watching();
        server.faults.set("*", fault);
        const startMs = performance.now();
        server.requests.reset();
        // The queries that are open were asked before the fault: the first change wakes them, the second meets it.
        for (const service of SERVICES) move(catalog, service, 25_000);
        await eventually("the next queries", () => server.requests.count("/v1/health/service/*") >= 5);
        for (const service of SERVICES) move(catalog, service, 26_000);
        await eventually("the news", () => SERVICES.every((service) => ports(service)[0] === 26_000));
        await eventually("the reset to be noticed", () => source.snapshot()?.indexResetAtMs);
        await eventually("several rounds", () => server.requests.count("/v1/catalog/*") >= 8);
        const seconds = (performance.now() - startMs) / 1_000;
        for (const path of [
          "/v1/catalog/services",
          "/v1/catalog/nodes",
          "/v1/catalog/node/node-1",
          "/v1/health/service/s1",
        ]) {
          expect(server.requests.count(path)).toBeLessThanOrEqual(5 * seconds + 3);
        }
        expect(source.snapshot()?.instances).toHaveLength(5);
        expect(reported.failures).toEqual([]);
      },
    );
  });
});

describe.concurrent("an outage", () => {
  test("is reported once, however many queries it hits, and so is its end", async ({ expect }) => {
    const many: WorldOptions = {
      budget: 64,
      prepare(catalog) {
        for (let number = 1; number <= 50; number += 1) register(catalog, { service: `s${number}` });
      },
    };
    await inWorld(many, async ({ catalog, server, source, reported, ports, watching, eventually }) => {
      await watching();
      await server.close();
      await eventually("every query to fail", () => reported.failures.length > 51);
      expect(source.snapshot()?.instances).toHaveLength(50);
      move(catalog, "s7", 25_000);
      await server.reopen();
      await eventually("the news", () => ports("s7").includes(25_000));
      await eventually("the end to be reported", () => reported.recoveries.length === 1);
      expect(reported.news).toEqual(["E_CATALOG_UNREACHABLE"]);
      expect(source.snapshot()?.indexResetAtMs).toBeUndefined();
    });
  });

  test("is probed by one query, and the others wait", async ({ expect }) => {
    await inWorld(PER_SERVICE, async ({ server, source, reported, eventually }) => {
      await eventually("the first snapshot", () => source.snapshot());
      await server.close();
      const failuresOf = (path: string) => reported.failures.filter(({ target }) => target === path).length;
      await eventually("five probes", () => failuresOf("/v1/catalog/services") >= 5);
      for (const service of SERVICES) expect(failuresOf(`/v1/health/service/${service}`)).toBeLessThanOrEqual(2);
      await server.reopen();
      await eventually("recovery", () => source.state().consecutiveFailures === 0);
    });
  });

  test("ends within 2 s of the catalog's return even with the longest pauses", async ({ expect }) => {
    await inWorld(
      { ...PER_SERVICE, random: () => 0.999 },
      async ({ catalog, server, source, reported, ports, eventually }) => {
        await eventually("the first snapshot", () => source.snapshot());
        await server.close();
        await eventually("the failures", () => reported.failures.length >= 6);
        move(catalog, "s1", 25_000);
        await server.reopen();
        await eventually("the news", () => ports("s1").includes(25_000));
        expect(source.snapshot()?.instances).toHaveLength(5);
      },
    );
  });

  test("after which the catalog has lost its data is a reset, not a removal without a reason", async () => {
    await inWorld({ ...PER_NODE, waitMs: 10_000 }, async ({ catalog, server, source, ports, watching, eventually }) => {
      for (let port = 20_000; port < 20_030; port += 1) move(catalog, "s1", port);
      await watching();
      await server.close();
      catalog.wipe();
      register(catalog, { service: "s1", port: 25_000 });
      await server.reopen();
      await eventually("the reset", () => source.snapshot()?.indexResetAtMs);
      await eventually("the new data", () => ports("s1").includes(25_000) && ports("s2").length === 0);
    });
  });

  test("at the start: it tries until the catalog is there", async ({ expect }) => {
    await inWorld({ ...PER_SERVICE, isClosed: true }, async ({ server, source, reported, changes, eventually }) => {
      await eventually("a few failures", () => reported.failures.length > 3);
      expect(source.snapshot()).toBeUndefined();
      expect(changes).toBe(0);
      expect(source.state()).toMatchObject({
        strategy: "none yet",
        lastSuccessAtMs: undefined,
        lastError: { code: "E_CATALOG_UNREACHABLE" },
      });
      await server.reopen();
      await eventually("the snapshot", () => source.snapshot()?.instances.length === 5);
      expect(reported.news).toHaveLength(1);
      expect(reported.recoveries).toHaveLength(1);
    });
  });
});

test("queries that hang end at their deadline, are reported, and news gets through afterwards", async () => {
  // What sleeps goes on with the time of the day; deadlines are not waited for.
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"], shouldAdvanceTime: true });
  try {
    await inWorld({ ...PER_SERVICE, waitMs: 200 }, async ({ catalog, server, reported, ports, eventually }) => {
      await eventually("the watch", () => reported.strategies.length === 1);
      server.faults.set("*", hangs());
      server.requests.reset();
      await eventually("every query to hang", () => server.requests.count() === 6);
      move(catalog, "s1", 25_000);
      vi.advanceTimersByTime(200 * (17 / 16) + 10_000);
      await eventually("the failures", () => reported.failures.length >= 6);
      expect(reported.news).toEqual(["E_CATALOG_TIMEOUT"]);
      expect(ports("s1")).toEqual([24_001]);
      server.faults.clear();
      // The next try of the query that probes the catalog may have met the fault before it was cleared.
      vi.advanceTimersByTime(200 * (17 / 16) + 10_000);
      await eventually("the news", () => ports("s1").includes(25_000));
    });
  } finally {
    vi.useRealTimers();
  }
});

test("a catalog that lost its data is followed even while the list of nodes cannot be read", async () => {
  await inWorld({ ...PER_NODE, waitMs: 10_000 }, async ({ catalog, server, source, ports, watching, eventually }) => {
    for (let port = 20_000; port < 20_030; port += 1) move(catalog, "s1", port);
    await watching();
    server.faults.set("/v1/catalog/nodes", answers500());
    await server.close();
    catalog.wipe();
    for (const service of SERVICES) register(catalog, { service, port: 25_000 });
    await server.reopen();
    await eventually("the new data", () => SERVICES.every((service) => ports(service)[0] === 25_000));
    expect(source.snapshot()?.indexResetAtMs).toBeDefined();
  });
});
