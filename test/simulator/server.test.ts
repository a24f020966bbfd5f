import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type CatalogServer, startCatalogServer } from "../../src/simulator/server.ts";
import { createCatalog } from "../../src/simulator/state/catalog.ts";
import { until } from "../support/await-until.ts";
import { createCatalogClient } from "../support/catalog-client.ts";

let server: CatalogServer;
const catalog = createCatalog();
beforeEach(async () => {
  server = await startCatalogServer({ catalog });
});
afterEach(() => server.close());

/** A query that blocks until the server or the client ends it. */
async function blocked(): Promise<Promise<unknown>[]> {
  const client = createCatalogClient(server.url);
  const { index } = await client.get("/v1/catalog/services");
  const before = server.requests.count("/v1/catalog/services");
  const poll = client.get("/v1/catalog/services", `index=${index}&wait=10m`);
  await until(() => server.requests.count("/v1/catalog/services") > before, { timeoutMs: 2_000, what: "the request" });
  return [poll];
}

test("close ends blocked queries at once, and reopen listens on the same port with the same data", async () => {
  catalog.register({ Node: "n1", Address: "10.0.0.1", Service: { Service: "web" } });
  const [poll] = await blocked();
  const failure = expect(poll).rejects.toThrow("fetch failed");
  await server.close();
  await failure;
  await expect(createCatalogClient(server.url).get("/v1/status/leader")).rejects.toThrow("fetch failed");

  await server.reopen();
  expect((await createCatalogClient(server.url).get("/v1/catalog/services")).body).toHaveProperty("web");
});

test("a write in the process wakes a query on the socket", async () => {
  const [poll] = await blocked();
  catalog.register({ Node: "n1", Address: "10.0.0.1", Service: { Service: "woken" } });
  expect(await poll).toMatchObject({ status: 200, body: { woken: [] } });
});

test("close is safe to repeat", async () => {
  await server.close();
  await expect(server.close()).resolves.toBeUndefined();
});

test("a port that is taken is an error that says so", async () => {
  const port = Number(new URL(server.url).port);
  await expect(startCatalogServer({ catalog, port })).rejects.toMatchObject({
    code: "E_SIMULATOR_LISTEN",
    message: expect.stringMatching(/EADDRINUSE.*free the port or choose another/),
  });
});

describe("what is counted", () => {
  test("requests by path, and the last of them with its query and headers", async () => {
    const client = createCatalogClient(server.url);
    await client.get("/v1/health/service/a", "stale");
    await client.get("/v1/health/service/b", "consistent");
    await client.get("/v1/catalog/nodes");
    expect(server.requests.count("/v1/health/service/*")).toBe(2);
    expect(server.requests.count("/v1/health/service/a")).toBe(1);
    expect(server.requests.count()).toBe(3);
    expect(server.requests.last("/v1/health/*")).toMatchObject({
      method: "GET",
      url: "/v1/health/service/b?consistent",
      headers: { host: new URL(server.url).host },
    });
    server.requests.reset();
    expect(server.requests.count()).toBe(0);
    expect(server.requests.last()).toBeUndefined();
  });

  test("connections that are open, and the most there were", async () => {
    const polls = [...(await blocked()), ...(await blocked()), ...(await blocked())];
    expect(server.connections.open).toBe(3);
    catalog.register({ Node: "n1", Address: "10.0.0.1", Service: { Service: `end-${server.url}` } });
    await Promise.all(polls);
    await until(() => server.connections.open === 0, { timeoutMs: 2_000, what: "the connections to end" });
    expect(server.connections.max).toBeGreaterThanOrEqual(3);
  });
});
