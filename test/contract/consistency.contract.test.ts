import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { losesLeader } from "../../src/simulator/faults/faults.ts";
import { startCatalogServer } from "../../src/simulator/server.ts";
import { createCatalog } from "../../src/simulator/state/catalog.ts";
import { until } from "../support/await-until.ts";
import { type CatalogClient, createCatalogClient } from "../support/catalog-client.ts";
import { findTool } from "../support/real-binaries.ts";
import { startRealCluster } from "../support/real-cluster.ts";
import { BACKENDS, type Backend } from "./backends.ts";
import { buildWorld, instance } from "./world.ts";

/** Long enough to tell a wake-up from the end of the wait, on a busy machine. */
const WAIT_MS = 300;

const CACHEABLE = ["/v1/catalog/services", "/v1/catalog/service/alpha", "/v1/health/service/alpha"];
const OTHERS = ["/v1/catalog/nodes", "/v1/catalog/node/n1", "/v1/health/state/any", "/v1/health/node/n1"];

describe.each(BACKENDS)("$name", ({ start }) => {
  describe.skipIf(start === undefined)("?cached", () => {
    let backend: Backend;
    let client: CatalogClient;
    beforeAll(async () => {
      backend = await start!();
      client = createCatalogClient(backend.url);
      await buildWorld(client);
    });
    afterAll(() => backend.stop());

    test.each(CACHEABLE)("%s is a miss at first and then a hit, which has an age", async (path) => {
      const [miss, hit] = [await client.get(path, "cached"), await client.get(path, "cached")];
      expect([miss.headers.get("x-cache"), miss.headers.get("age")]).toEqual(["MISS", null]);
      expect([hit.headers.get("x-cache"), hit.headers.get("age")]).toEqual(["HIT", "0"]);
      expect(hit.headers.get("x-consul-knownleader")).toBe("true");
      expect(hit.body).toEqual(miss.body);
      expect(hit.index).toBe(miss.index);
    });

    test("a stale question shares the cache with the others; one without the word does not mention it", async () => {
      await client.get("/v1/health/service/beta", "cached");
      const stale = await client.get("/v1/health/service/beta", "cached&stale");
      expect(stale.headers.get("x-cache")).toBe("HIT");
      expect(stale.headers.get("x-consul-effective-consistency")).toBe("stale");
      expect((await client.get("/v1/health/service/beta")).headers.get("x-cache")).toBeNull();
    });

    test.each(OTHERS)("%s ignores the word", async (path) => {
      const { status, headers } = await client.get(path, "cached");
      expect({ status, cache: headers.get("x-cache") }).toEqual({ status: 200, cache: null });
    });

    test("cannot be consistent as well", async () => {
      expect(await client.get("/v1/catalog/services", "cached&consistent")).toMatchObject({
        status: 400,
        body: "Cannot specify ?cached with ?consistent, conflicting semantics.",
      });
    });

    test("blocks like any other, and what had to be waited for is a miss", async () => {
      const path = "/v1/health/service/gamma";
      await client.get(path, "cached");
      const { index } = await client.get(path, "cached");
      const open = client.get(path, `cached&index=${index}&wait=5s`);
      await sleep(100);
      await client.register(instance("n3", "gamma", { Port: 20_001 }, "critical"));
      const woken = await open;
      expect(woken.body).toMatchObject([{ Service: { Port: 20_001 } }]);
      expect([woken.headers.get("x-cache"), woken.headers.get("age")]).toEqual(["MISS", null]);
      const late = await client.get(path, `cached&index=${index}&wait=5s`);
      expect([late.headers.get("x-cache"), late.headers.get("age")]).toEqual(["HIT", "0"]);
      const unchanged = await client.get(path, `cached&index=${woken.index}&wait=${WAIT_MS}ms`);
      expect(unchanged.elapsedMs).toBeGreaterThanOrEqual(WAIT_MS);
      expect(unchanged.index).toBe(woken.index);
    });
  });
});

interface Cluster {
  readonly url: string;
  loseLeader(): Promise<void>;
  stop(): Promise<void>;
}

const consul = await findTool("consul");

const CLUSTERS: readonly { readonly name: string; readonly start: (() => Promise<Cluster>) | undefined }[] = [
  { name: "the embedded catalog", start: startEmbedded },
  { name: "real Consul", start: consul === undefined ? undefined : () => startReal(consul) },
];

async function startEmbedded(): Promise<Cluster> {
  const server = await startCatalogServer({ catalog: createCatalog() });
  return {
    url: server.url,
    async loseLeader() {
      server.faults.set("*", losesLeader());
    },
    stop: () => server.close(),
  };
}

async function startReal(tool: NonNullable<typeof consul>): Promise<Cluster> {
  const { url, killLeader, stop } = await startRealCluster(tool);
  return { url, loseLeader: killLeader, stop };
}

describe.each(CLUSTERS)("$name", ({ start }) => {
  describe.skipIf(start === undefined)("without a leader", () => {
    let cluster: Cluster;
    let client: CatalogClient;
    beforeAll(async () => {
      cluster = await start!();
      client = createCatalogClient(cluster.url);
      for (const _time of ["a miss", "a hit"]) await client.get("/v1/catalog/services", "cached");
      await cluster.loseLeader();
      const isLost = async () => (await client.get("/v1/status/leader")).body === "";
      await until(isLost, { timeoutMs: 10_000, what: "the loss to be noticed" });
    });
    afterAll(() => cluster.stop());

    test.each(["", "consistent"])("?%s is refused, with headers that are no facts", async (params) => {
      const { status, body, index, headers } = await client.get("/v1/catalog/services", params);
      expect({ status, body, index }).toEqual({ status: 500, body: "No cluster leader", index: 1 });
      expect(headers.get("x-consul-knownleader")).toBe("false");
      expect(headers.get("x-consul-lastcontact")).toBe("0");
    });

    test("?stale is answered, with the growing time since the leader was heard", async () => {
      const ages: number[] = [];
      for (const _time of ["before", "after"]) {
        const { status, body, headers } = await client.get("/v1/catalog/services", "stale");
        expect({ status, body }).toEqual({ status: 200, body: { consul: [] } });
        expect(headers.get("x-consul-knownleader")).toBe("false");
        expect(headers.get("x-consul-effective-consistency")).toBe("stale");
        ages.push(Number(headers.get("x-consul-lastcontact")));
        await sleep(200);
      }
      expect(ages[1]! - ages[0]!).toBeGreaterThanOrEqual(200);
    });

    test("?stale=1, as node-consul writes it, means the same", async () => {
      const [bare, one] = [
        await client.get("/v1/catalog/services", "stale"),
        await client.get("/v1/catalog/services", "stale=1"),
      ];
      for (const { status, headers } of [bare, one]) {
        expect(status).toBe(200);
        expect(headers.get("x-consul-effective-consistency")).toBe("stale");
      }
      expect(one.body).toEqual(bare.body);
      const consistent = await client.get("/v1/catalog/services", "consistent=1");
      expect(consistent.status).toBe(500);
    });

    test("?cached is answered where the agent holds it", async () => {
      const { status, body, headers } = await client.get("/v1/catalog/services", "cached");
      expect({ status, body }).toEqual({ status: 200, body: { consul: [] } });
      expect([headers.get("x-cache"), headers.get("age")]).toEqual(["HIT", "0"]);
    });

    test("writing is refused", async () => {
      const { status, body, index } = await client.put("/v1/catalog/register", JSON.stringify(instance("n1", "a")));
      expect({ status, body }).toEqual({ status: 500, body: "No cluster leader" });
      expect(index).toBeNaN();
    });

    test("the agent still speaks of itself", async () => {
      expect((await client.get("/v1/agent/self")).status).toBe(200);
    });
  });
});
