import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
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
  noIndexHeader,
} from "../../../src/simulator/faults/faults.ts";
import { type CatalogServer, startCatalogServer } from "../../../src/simulator/server.ts";
import { createCatalog } from "../../../src/simulator/state/catalog.ts";
import type { CatalogRead } from "../../../src/sources/catalog/catalog-client.ts";
import type { ConsulClient } from "../../../src/sources/consul/client.ts";
import { until } from "../../support/await-until.ts";
import { createClient, register } from "./world.ts";

let server: CatalogServer;
const stop = new AbortController();
const NOW: CatalogRead = { index: 0n, consistency: "default", signal: stop.signal };

beforeAll(async () => {
  const catalog = createCatalog();
  register(catalog, { service: "web" });
  server = await startCatalogServer({ catalog });
});
afterEach(() => {
  vi.useRealTimers();
  server.faults.clear();
  server.requests.reset();
});
afterAll(() => server.close());

/** Every method, with the path that it asks. */
const METHODS: readonly [string, (client: ConsulClient, read: CatalogRead) => Promise<unknown>][] = [
  ["/v1/catalog/services", (client, read) => client.services(read)],
  ["/v1/health/service/web", (client, read) => client.instances("web", read)],
  ["/v1/health/state/critical", (client, read) => client.checks("critical", read)],
  ["/v1/health/state/warning", (client, read) => client.checks("warning", read)],
  ["/v1/health/state/any", (client, read) => client.checks("unhealthy", read)],
  ["/v1/catalog/nodes", (client, read) => client.nodes(read)],
  ["/v1/catalog/node/node-1", (client, read) => client.nodeServices("node-1", read)],
  ["/v1/catalog/node/node-1", (client, read) => client.nodeEntries("node-1", read)],
  ["/v1/health/node/node-1", (client, read) => client.nodeChecks("node-1", read)],
];

/** The parameters with which a path was last asked. */
function asked(path: string): Record<string, string> {
  const url = server.requests.last(path)?.url ?? "/";
  return Object.fromEntries(new URL(url, "http://catalog.invalid").searchParams);
}

/** What a method always asks, whatever else. */
const ALWAYS: Readonly<Record<string, Record<string, string>>> = {
  "/v1/health/state/any": { filter: 'Status != "passing"' },
};

describe.each(METHODS)("%s", (path, call) => {
  test("namespace, partition and datacenter reach the wire", async () => {
    const client = createClient(server.url, { namespace: "team-a", partition: "edge", datacenter: "dc1" });
    await call(client, NOW);
    expect(asked(path)).toEqual({ ...ALWAYS[path], ns: "team-a", partition: "edge", dc: "dc1" });
    client.close();
  });

  test.each([
    ["stale", { stale: "1" }],
    ["consistent", { consistent: "1" }],
    ["default", {}],
  ] as const)("the consistency %s reaches the wire, and nothing else", async (consistency, parameters) => {
    const client = createClient(server.url);
    await call(client, { ...NOW, consistency });
    expect(asked(path)).toEqual({ ...ALWAYS[path], ...parameters });
    client.close();
  });

  test("an index is sent with the wait, to its last digit", async () => {
    const client = createClient(server.url, { waitMs: 20 });
    await call(client, { ...NOW, index: 18446744073709551615n });
    expect(asked(path)).toEqual({ ...ALWAYS[path], index: "18446744073709551615", wait: "20ms" });
    client.close();
  });

  test("the token of the moment reaches the wire as a header only", async () => {
    let token = "first";
    const client = createClient(server.url, { readToken: () => token });
    await call(client, NOW);
    expect(server.requests.last(path)).toMatchObject({ headers: { "x-consul-token": "first" } });
    token = "second";
    await call(client, NOW);
    expect(server.requests.last(path)).toMatchObject({ headers: { "x-consul-token": "second" } });
    expect(server.requests.last(path)?.url).not.toContain("second");
    token = "";
    await call(client, NOW);
    expect(server.requests.last(path)?.headers).not.toHaveProperty("x-consul-token");
    client.close();
  });

  test.each<[string, Fault, object]>([
    ["HTML", answersHtml(), { code: "E_CATALOG_NOT_JSON", message: expect.stringContaining("text/html") }],
    ["half a body", cutsMidBody(), { code: "E_CATALOG_CUT" }],
    ["another type", answersWrongType(), { code: "E_CATALOG_SHAPE" }],
    ["a body that is too large", answersBytes(2 * 1024 * 1024), { code: "E_CATALOG_TOO_LARGE" }],
    ["status 500", answers500(), { code: "E_CATALOG_STATUS", message: expect.stringContaining("No cluster leader") }],
    ["status 403", answers403(), { code: "E_CATALOG_DENIED", message: expect.stringContaining("ACL not found") }],
    ["status 429", answers429(7), { code: "E_CATALOG_BUSY", retryAfterMs: 7_000 }],
    ["broken JSON", answersText('{"a":'), { code: "E_CATALOG_NOT_JSON" }],
    ["no body", answersText(""), { code: "E_CATALOG_NOT_JSON" }],
  ])("%s is an error that says so", async (_what, fault, error) => {
    const client = createClient(server.url);
    server.faults.set(path, fault);
    await expect(call(client, NOW)).rejects.toMatchObject({ name: "CatalogError", retryable: true, ...error });
    server.faults.clear();
    await expect(call(client, NOW)).resolves.toHaveProperty("value");
    client.close();
  });

  test("a missing index is not hidden", async () => {
    const client = createClient(server.url);
    server.faults.set(path, noIndexHeader());
    expect(await call(client, NOW)).toMatchObject({ index: undefined });
    client.close();
  });
});

function answersText(body: string): Fault {
  return async ({ response }) => {
    response.writeHead(200, { "Content-Type": "application/json", "X-Consul-Index": "5" });
    response.end(body);
  };
}

test("50 MB are given up after the megabyte that is accepted", async () => {
  server.faults.set("*", answersBytes(50 * 1024 * 1024));
  const client = createClient(server.url);
  await expect(client.services(NOW)).rejects.toMatchObject({ code: "E_CATALOG_TOO_LARGE" });
  client.close();
});

test("a name of any characters is one part of the path", async () => {
  const client = createClient(server.url);
  await client.instances("a/b?c=d&e#f ü", NOW);
  expect(server.requests.last()?.url).toBe("/v1/health/service/a%2Fb%3Fc%3Dd%26e%23f%20%C3%BC");
  client.close();
});

test.each([
  ["a read", 0n, 9_999, 1],
  ["a long poll", 1_000_000n, 60_000 * (17 / 16) + 9_999, 1],
] as const)(
  "%s that hangs ends at its deadline, which leaves the server the time it may take",
  async (_what, index, patienceMs, restMs) => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    server.faults.set("*", hangs());
    const client = createClient(server.url, { waitMs: 60_000 });
    let isOver = false;
    const reading = client.services({ ...NOW, index }).finally(() => {
      isOver = true;
    });
    const failure = expect(reading).rejects.toMatchObject({ code: "E_CATALOG_TIMEOUT" });
    await until(() => server.requests.count() === 1, { what: "the request", timeoutMs: 1_000 });
    vi.advanceTimersByTime(patienceMs);
    await new Promise((resolve) => setImmediate(resolve));
    expect(isOver).toBe(false);
    vi.advanceTimersByTime(restMs);
    await failure;
    client.close();
  },
);

test("an abort ends a long poll at once, on the wire as well", async () => {
  const client = createClient(server.url);
  const { index } = await client.services(NOW);
  const giveUp = new AbortController();
  const poll = client.services({ ...NOW, index: BigInt(index ?? 0), signal: giveUp.signal });
  const failure = expect(poll).rejects.toMatchObject({ code: "E_CATALOG_ABORTED" });
  await until(() => server.requests.count("/v1/catalog/services") === 2, { what: "the poll", timeoutMs: 1_000 });
  giveUp.abort();
  await failure;
  await until(() => server.connections.open === 0, { what: "its connection to end", timeoutMs: 1_000 });
  client.close();
});

test("reads one after the other share a connection", async () => {
  const client = createClient(server.url);
  const before = server.connections.open;
  for (let count = 0; count < 10; count += 1) await client.services(NOW);
  expect(server.connections.open - before).toBe(1);
  client.close();
});

test("nothing listens: the error says so, and the next read works again", async () => {
  const client = createClient(server.url);
  await server.close();
  await expect(client.services(NOW)).rejects.toMatchObject({
    code: "E_CATALOG_UNREACHABLE",
    message: expect.stringContaining("ECONNREFUSED"),
  });
  await server.reopen();
  await expect(client.services(NOW)).resolves.toHaveProperty("value");
  client.close();
});
