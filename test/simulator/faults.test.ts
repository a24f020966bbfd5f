import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import {
  answers403,
  answers429,
  answers500,
  answersBytes,
  answersEmpty,
  answersHtml,
  answersWrongType,
  cutsMidBody,
  drips,
  type Fault,
  hangs,
  indexGoesBack,
  indexZero,
  noIndexHeader,
} from "../../src/simulator/faults/faults.ts";
import { type CatalogServer, startCatalogServer } from "../../src/simulator/server.ts";
import { createCatalog } from "../../src/simulator/state/catalog.ts";

const SERVICES = "/v1/catalog/services";
const NODES = "/v1/catalog/nodes";

let server: CatalogServer;
beforeAll(async () => {
  server = await startCatalogServer({ catalog: createCatalog() });
});
afterEach(() => server.faults.clear());
afterAll(() => server.close());

async function get(path: string, init: RequestInit = {}): Promise<{ status: number; headers: Headers; body: string }> {
  const response = await fetch(server.url + path, init);
  return { status: response.status, headers: response.headers, body: await response.text() };
}

test.each<[string, Fault, number, Record<string, string | null>, string]>([
  ["answers500", answers500(), 500, { "x-consul-index": "1", "x-consul-knownleader": "false" }, "No cluster leader"],
  ["answers429", answers429(7), 429, { "retry-after": "7" }, "Too Many Requests"],
  ["answers403", answers403(), 403, { "x-consul-index": "1" }, "ACL not found"],
  ["answersHtml", answersHtml(), 200, { "content-type": "text/html; charset=utf-8" }, "<html>"],
  ["noIndexHeader", noIndexHeader(), 200, { "x-consul-index": null, "x-consul-knownleader": "true" }, '{"consul":[]}'],
  ["indexZero", indexZero(), 200, { "x-consul-index": "0" }, '{"consul":[]}'],
  ["indexGoesBack", indexGoesBack(3), 200, { "x-consul-index": "3" }, '{"consul":[]}'],
  ["answersEmpty", answersEmpty({ "X-Filtered": "true" }), 200, { "x-consul-index": "11", "x-filtered": "true" }, "{}"],
  ["answersWrongType", answersWrongType(), 200, { "content-type": "application/json" }, '["unexpected"]'],
])("%s", async (_name, fault, status, headers, body) => {
  server.faults.set(SERVICES, fault);
  const answer = await get(SERVICES);
  expect(answer.status).toBe(status);
  expect(answer.body).toContain(body);
  for (const [name, value] of Object.entries(headers)) expect(answer.headers.get(name)).toBe(value);
});

test("a list is emptied, and becomes an object as the wrong type", async () => {
  server.faults.set(NODES, answersEmpty());
  expect((await get(NODES)).body).toBe("[]");
  server.faults.set(NODES, answersWrongType());
  expect((await get(NODES)).body).toBe('{"unexpected":1}');
});

test("cutsMidBody announces more than it sends", async () => {
  server.faults.set(SERVICES, cutsMidBody());
  const response = await fetch(server.url + SERVICES);
  expect(response.status).toBe(200);
  await expect(response.text()).rejects.toThrow("terminated");
});

test("hangs until the client gives up", async () => {
  server.faults.set(SERVICES, hangs());
  await expect(get(SERVICES, { signal: AbortSignal.timeout(100) })).rejects.toThrow("aborted due to timeout");
});

test("drips the whole answer, slowly", async () => {
  server.faults.set(SERVICES, drips({ pieceBytes: 4, everyMs: 10 }));
  const startMs = performance.now();
  expect((await get(SERVICES)).body).toBe('{"consul":[]}');
  expect(performance.now() - startMs).toBeGreaterThanOrEqual(30);
});

test("answersBytes blows the true answer up", async () => {
  server.faults.set(SERVICES, answersBytes(1_000_000));
  const { body } = await get(SERVICES);
  expect(body).toHaveLength(1_000_000);
  expect(JSON.parse(body)).toEqual({ consul: [] });
});

test("a fault concerns its paths only, the last one set wins, and clearing brings the truth back", async () => {
  server.faults.set("/v1/health/*", answers500());
  server.faults.set("/v1/health/state/*", answers403());
  expect((await get(SERVICES)).status).toBe(200);
  expect((await get("/v1/health/state/any")).status).toBe(403);
  expect((await get("/v1/health/service/consul")).status).toBe(500);
  server.faults.set("/v1/health/*", answers429(1));
  expect((await get("/v1/health/state/any")).status).toBe(429);
  server.faults.clear("/v1/health/*");
  expect((await get("/v1/health/state/any")).status).toBe(403);
  server.faults.clear();
  expect((await get("/v1/health/state/any")).status).toBe(200);
});

test("a pattern matches whole paths, and only its asterisk is special", async () => {
  server.faults.set("/v1/catalog/node", answers500());
  server.faults.set("/v1.catalog.*", answers500());
  expect((await get(NODES)).status).toBe(200);
});
