import { Agent, request } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import type { Catalog } from "../../../src/simulator/state/catalog.ts";
import { inWorld, move, register } from "./world.ts";

const SERVICES = Array.from({ length: 30 }, (_, number) => `s${number}`);

function prepare(catalog: Catalog): void {
  for (const service of SERVICES) register(catalog, { service });
}

describe.each([1, 2, 3])("%i connections are free", (maxConnectionsPerClient) => {
  test("the first snapshot comes within seconds, and so does a change, without an outage", async () => {
    const options = { budget: 64, waitMs: 60_000, prepare, server: { maxConnectionsPerClient } };
    await inWorld(options, async ({ catalog, source, reported, ports, eventually }) => {
      await eventually("the first snapshot", () => source.snapshot()?.instances.length === SERVICES.length, 5_000);
      move(catalog, "s7", 24_777);
      await eventually("the change", () => ports("s7").includes(24_777), 5_000);
      register(catalog, { service: "news" });
      await eventually("the newcomer", () => ports("news").length === 1, 5_000);
      catalog.deregister({ Node: "node-1", ServiceID: "s3" });
      await eventually("who has gone to go", () => ports("s3").length === 0, 5_000);
      expect(reported.shortages.length).toBe(1);
      expect(source.state().shortage).toMatchObject({ limit: "limits.http_max_conns_per_client" });
      expect(reported.failures.filter(({ code }) => code !== "E_CATALOG_BUSY")).toEqual([]);
    });
  });
});

test("some of the connections that are free are left to others", async () => {
  const options = { budget: 64, waitMs: 1_000, prepare, server: { maxConnectionsPerClient: 6 } };
  await inWorld(options, async ({ server, source, eventually }) => {
    await eventually("the first snapshot", () => source.snapshot());
    await eventually("others to have room", () => server.connections.open <= 5, 5_000);
    await sleep(3_000);
    let refused = 0;
    const agent = new Agent();
    for (let asked = 0; asked < 20; asked += 1) {
      await new Promise<void>((resolve) => {
        request(`${server.url}/v1/status/leader`, { agent })
          .once("response", (response) => response.resume().once("end", resolve))
          .once("error", () => {
            refused += 1;
            resolve();
          })
          .end();
      });
      await sleep(50);
    }
    expect(refused).toBe(0);
  });
});

test("where none is free the catalog counts as away, and the reason names the limit", async () => {
  const options = { budget: 64, prepare, server: { maxConnectionsPerClient: 0 } };
  await inWorld(options, async ({ reported, eventually }) => {
    await eventually("a failure", () => reported.failures.length > 0);
    expect(reported.failures[0]?.message).toContain("limits.http_max_conns_per_client");
    expect(reported.shortages).toEqual([]);
  });
});
