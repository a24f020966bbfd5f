import { afterEach, beforeEach, expect, test } from "vitest";
import { answers500, answersEmpty, hangs } from "../../../src/simulator/faults/faults.ts";
import { type CatalogServer, startCatalogServer } from "../../../src/simulator/server.ts";
import { createCatalog } from "../../../src/simulator/state/catalog.ts";
import { until } from "../../support/await-until.ts";
import { type FaultyProxy, startFaultyProxy } from "./proxy.ts";
import { type Relay, startRelay } from "./relay.ts";

let server: CatalogServer;
let relay: Relay;
let proxy: FaultyProxy;

beforeEach(async () => {
  const catalog = createCatalog();
  catalog.register({ Node: "n", Address: "127.0.0.1", Service: { Service: "web", Port: 24_000, Tags: [] } });
  server = await startCatalogServer({ catalog });
  relay = await startRelay(server.url);
  proxy = await startFaultyProxy(relay.url);
});
afterEach(async () => {
  await proxy.close();
  await relay.close();
  await server.close();
});

const LIST = "/v1/catalog/services";

async function list(query = ""): Promise<unknown> {
  const response = await fetch(proxy.url + LIST + query);
  return response.ok ? response.json() : response.status;
}

/** A blocking query that the catalog holds. */
async function heldQuery(): Promise<{ readonly answer: Promise<unknown> }> {
  const { headers } = await fetch(proxy.url + LIST);
  const before = server.requests.count(LIST);
  const answer = list(`?index=${headers.get("x-consul-index")}&wait=60s`);
  await until(() => server.requests.count(LIST) > before, { timeoutMs: 2_000, what: "the query to be held" });
  return { answer };
}

test("a fault is met by what is asked and by what the catalog holds, and is gone afterwards", async () => {
  expect(await list()).toHaveProperty("web");
  const held = await heldQuery();
  proxy.begin(answers500());
  expect(await held.answer).toBe(500);
  expect(await list()).toBe(500);
  proxy.begin(answersEmpty());
  expect(await list()).toEqual({});
  proxy.end();
  expect(await list()).toHaveProperty("web");
});

test("what hangs is cut at the end", async () => {
  const held = await heldQuery();
  proxy.begin(hangs());
  proxy.end();
  await expect(held.answer).rejects.toThrow("fetch failed");
});

test("nothing passes an unplugged cable, and what was sent arrives when it is plugged in", async () => {
  relay.freeze();
  let isAnswered = false;
  const answer = list().finally(() => {
    isAnswered = true;
  });
  await fetch(server.url + LIST);
  expect(isAnswered).toBe(false);
  relay.thaw();
  expect(await answer).toHaveProperty("web");
});
