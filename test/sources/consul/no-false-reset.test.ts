import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { createDeferred } from "../../../src/base/deferred.ts";
import { send } from "../../../src/simulator/api/answer.ts";
import type { PathPattern } from "../../../src/simulator/api/path-pattern.ts";
import type { Catalog } from "../../../src/simulator/state/catalog.ts";
import { inWorld, move, register } from "./world.ts";

/** So many that a complete read goes node by node: a node's index is that of two tables, no service's own. */
const MANY = Array.from({ length: 70 }, (_, number) => `s${number}`);
const neverAborted = new AbortController().signal;

function registerMany(catalog: Catalog): void {
  for (const service of MANY) register(catalog, { service });
}

describe.each(["per-node", "sweep"])("%s: a healthy catalog", (strategy) => {
  test("is not taken for another one when a complete read overtakes the read of a service", async () => {
    await inWorld(
      { strategy, prepare: registerMany },
      async ({ catalog, server, source, watching, eventually, ...world }) => {
        await watching();
        const arrival = createDeferred();
        server.faults.set("/v1/health/service/s1", async ({ response, answer }) => {
          await arrival.promise;
          await send(response, await answer());
        });
        move(catalog, "s1", 24_101);
        await eventually("the read", () => server.requests.count("/v1/health/service/s1") > 0);
        for (let write = 0; write < 5; write += 1) catalog.setCheck("node-1", "service:s2", "passing", `${write}`);
        await source.confirm(neverAborted);
        expect(world.ports("s1")).toEqual([24_101]);
        arrival.resolve();
        await eventually(
          "the answers",
          () => world.budget.inUse > 0 && server.requests.count("/v1/health/service/s1") > 0,
        );
        await sleep(400);
        expect(source.snapshot()?.indexResetAtMs).toBeUndefined();
      },
    );
  });

  test("is not taken for another one when an instance takes another service's name", async () => {
    const prepare = (catalog: Catalog) => {
      for (const service of ["s1", "s2", "s3"]) register(catalog, { service });
      // Some service has gone for good: what has no instance answers with the index of that moment.
      register(catalog, { service: "s4" });
      catalog.deregister({ Node: "node-1", ServiceID: "s4" });
      for (const service of ["s1", "s2", "s3"]) register(catalog, { service, port: 24_002 });
    };
    await inWorld({ strategy, prepare }, async ({ catalog, source, watching, ports, eventually }) => {
      await watching();
      register(catalog, { service: "s3", id: "s1" });
      await eventually("the old name to go", () => ports("s1").length === 0);
      await sleep(400);
      expect(source.snapshot()?.indexResetAtMs).toBeUndefined();
    });
  });
});

test("per-service: a wait that ends without news, after a complete read node by node, is no reset", async () => {
  const prepare = (catalog: Catalog) => {
    registerMany(catalog);
    for (let write = 0; write < 5; write += 1) catalog.setCheck("node-1", "service:s2", "passing", `${write}`);
  };
  await inWorld(
    { strategy: "per-service", budget: 100, waitMs: 300, prepare },
    async ({ server, source, eventually }) => {
      await eventually("a second wait", () => server.requests.count("/v1/health/service/s5") > 1);
      await sleep(300);
      expect(source.snapshot()?.indexResetAtMs).toBeUndefined();
    },
  );
});

test("a registration that changes between the two answers for its node is followed", async () => {
  await inWorld(
    { strategy: "per-node", prepare: registerMany, isClosed: true },
    async ({ catalog, server, ports, eventually }) => {
      // Both nodes' registrations have been read before any of their checks is.
      let waiting = 0;
      const written = createDeferred();
      server.faults.set("/v1/health/node/*", async ({ response, answer }) => {
        waiting += 1;
        if (waiting === 2) {
          move(catalog, "s1", 24_101);
          catalog.setCheck("node-1", "service:s2", "passing", "news");
          written.resolve();
        }
        await written.promise;
        await send(response, await answer());
      });
      await server.reopen();
      await eventually("the new port", () => ports("s1").includes(24_101), 5_000);
    },
  );
});

describe("a service that was deregistered a moment ago is not reported as denied", () => {
  const prepare = (catalog: Catalog) => {
    register(catalog, { service: "s1", status: "critical" });
    for (const service of ["s2", "s3"]) register(catalog, { service });
  };

  test.each<[string, PathPattern]>([
    ["per-node", "/v1/catalog/node/node-1"],
    ["per-service", "/v1/catalog/services"],
  ])("%s: while the answer of %s is late", async (strategy, path) => {
    await inWorld({ strategy, prepare }, async ({ catalog, server, source, reported, watching, ports, eventually }) => {
      await watching();
      const arrival = createDeferred();
      server.faults.set(path, async ({ request, response, answer }) => {
        if (request.url?.includes("index=") === true) await arrival.promise;
        await send(response, await answer());
      });
      // The poll that is open was answered by the catalog itself: only the next one is late.
      register(catalog, { service: "s4" });
      await eventually("the newcomer", () => ports("s4").length === 1);
      await sleep(300);
      catalog.deregister({ Node: "node-1", ServiceID: "s1" });
      await sleep(2_500);
      expect(reported.failures).toEqual([]);
      arrival.resolve();
      await eventually("the service to go", () => ports("s1").length === 0);
      expect(source.state().consecutiveFailures).toBe(0);
    });
  });
});
