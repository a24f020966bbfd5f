import { inspect } from "node:util";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import type { CatalogServer } from "../../../src/simulator/api/api-server.ts";
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
  type Exchange,
  type Fault,
  hangs,
  indexZero,
  noIndexHeader,
} from "../../../src/simulator/faults/faults.ts";
import { createNomadCatalog } from "../../../src/simulator/nomad/catalog.ts";
import { startNomadServer } from "../../../src/simulator/nomad/server.ts";
import type { CatalogClient, CatalogRead } from "../../../src/sources/catalog/catalog-client.ts";
import { until } from "../../support/await-until.ts";
import { createClient, register } from "./world.ts";

let server: CatalogServer;
const NOW: CatalogRead = { index: 0n, consistency: "default", signal: new AbortController().signal };

beforeAll(async () => {
  const catalog = createNomadCatalog();
  register(catalog, "web", 24_001, { Namespace: "team-a" });
  server = await startNomadServer({ catalog });
});
afterEach(() => {
  vi.useRealTimers();
  server.faults.clear();
  server.requests.reset();
});
afterAll(() => server.close());

function jwt(claims: object): string {
  return ["{}", JSON.stringify(claims), "signature"].map((one) => Buffer.from(one).toString("base64url")).join(".");
}

/** Every method, with the path that it asks and what it always asks, whatever else. */
const METHODS: readonly [
  string,
  Record<string, string>,
  (client: CatalogClient, read: CatalogRead) => Promise<{ readonly value: unknown }>,
][] = [
  ["/v1/services", {}, (client, read) => client.services(read)],
  ["/v1/service/web", { namespace: "team-a" }, (client, read) => client.instances("team-a/web", read)],
];

/** The parameters with which a path was last asked. */
function asked(path: string): Record<string, string> {
  const url = server.requests.last(path)?.url ?? "/";
  return Object.fromEntries(new URL(url, "http://catalog.invalid").searchParams);
}

function answers(status: number, headers: Record<string, string>, body: string): Fault {
  return async ({ response }: Exchange) => {
    response.writeHead(status, headers).end(body);
  };
}

const JSON_TYPE = { "Content-Type": "application/json", "X-Nomad-Index": "5" };

describe.each(METHODS)("%s", (path, always, call) => {
  test("the region reaches the wire", async () => {
    const client = createClient(server.url, { region: "global" });
    await call(client, NOW);
    expect(asked(path)).toEqual({ ...always, region: "global" });
    client.close();
  });

  test.each([
    ["stale", { stale: "" }],
    ["consistent", {}],
    ["default", {}],
  ] as const)("the consistency %s is asked of Nomad in its own words", async (consistency, parameters) => {
    const client = createClient(server.url);
    await call(client, { ...NOW, consistency });
    expect(asked(path)).toEqual({ ...always, ...parameters });
    client.close();
  });

  test("an index is sent with the wait, to its last digit", async () => {
    const client = createClient(server.url, { waitMs: 20 });
    await call(client, { ...NOW, index: 18446744073709551615n });
    expect(asked(path)).toEqual({ ...always, index: "18446744073709551615", wait: "20ms" });
    client.close();
  });

  test("the token of the moment reaches the wire as a header only", async () => {
    let token = "first";
    const client = createClient(server.url, { readToken: () => token });
    await call(client, NOW);
    expect(server.requests.last(path)).toMatchObject({ headers: { "x-nomad-token": "first" } });
    token = "second";
    await call(client, NOW);
    expect(server.requests.last(path)).toMatchObject({ headers: { "x-nomad-token": "second" } });
    expect(server.requests.last(path)?.url).not.toContain("second");
    token = "";
    await call(client, NOW);
    expect(server.requests.last(path)?.headers).not.toHaveProperty("x-nomad-token");
    client.close();
  });

  test.each<[string, Fault, object]>([
    ["HTML", answersHtml(), { code: "E_CATALOG_NOT_JSON", message: expect.stringContaining("text/html") }],
    ["half a body", cutsMidBody(), { code: "E_CATALOG_CUT" }],
    ["another type", answersWrongType(), { code: "E_CATALOG_SHAPE" }],
    ["a body that is too large", answersBytes(2 * 1024 * 1024), { code: "E_CATALOG_TOO_LARGE" }],
    ["status 500", answers500(), { code: "E_CATALOG_STATUS", message: expect.stringContaining("No cluster leader") }],
    [
      "status 403",
      answers403("Permission denied"),
      { code: "E_CATALOG_DENIED", message: /Permission denied; .*read-job/ },
    ],
    ["status 429", answers429(7), { code: "E_CATALOG_BUSY", retryAfterMs: 7_000 }],
    ["a redirect", answers(301, { Location: "http://127.0.0.1:1/" }, ""), { code: "E_CATALOG_STATUS", message: /301/ }],
    ["broken JSON", answers(200, JSON_TYPE, '{"a":'), { code: "E_CATALOG_NOT_JSON" }],
    ["no body", answers(200, JSON_TYPE, ""), { code: "E_CATALOG_NOT_JSON" }],
    ["index 0", indexZero(), { code: "E_CATALOG_DENIED", message: /no namespace/ }],
  ])("%s is an error that says so", async (_what, fault, { message, ...error }: { message?: unknown }) => {
    const client = createClient(server.url);
    server.faults.set(path, fault);
    await expect(call(client, NOW)).rejects.toMatchObject({
      name: "CatalogError",
      retryable: true,
      ...error,
      ...(message instanceof RegExp ? { message: expect.stringMatching(message) } : {}),
      ...(message === undefined || message instanceof RegExp ? {} : { message }),
    });
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

test.each([
  [undefined, {}],
  ["team-a", { namespace: "team-a" }],
  ["*", { namespace: "*" }],
])("the list is asked for namespace %s, a service for its own", async (namespace, parameters) => {
  const client = createClient(server.url, namespace === undefined ? {} : { namespaces: [namespace] });
  await client.services(NOW);
  expect(asked("/v1/services")).toEqual(parameters);
  const answer = await client.instances("team-a/web", NOW);
  expect(asked("/v1/service/web")).toEqual({ namespace: "team-a" });
  expect(answer.value).toMatchObject([{ service: "web", namespace: "team-a", port: 24_001 }]);
  client.close();
});

test("a token that may read no namespace is not taken for an empty cluster", async () => {
  server.faults.set("/v1/services", async (exchange) => {
    const emptied = { ...exchange, answer: async () => ({ ...(await exchange.answer()), body: "[]" }) };
    await indexZero()(emptied);
  });
  const client = createClient(server.url, { namespaces: ["*"] });
  await expect(client.services(NOW)).rejects.toMatchObject({ code: "E_CATALOG_DENIED" });
  client.close();
});

test.each([
  [undefined, 'namespace "default" { capabilities = ["read-job"] }, or the token is to be a workload identity of that'],
  [["team"], 'namespace "team" { capabilities = ["read-job"] }, or the token'],
  [["*"], 'namespace "*" { capabilities = ["read-job"] }'],
])("a token without rights in %j is told the rule that its policy lacks", async (namespaces, rule) => {
  server.faults.set("/v1/services", answers403("Permission denied"));
  const client = createClient(server.url, {
    readToken: () => "a-token",
    ...(namespaces === undefined ? {} : { namespaces }),
  });
  await expect(client.services(NOW)).rejects.toMatchObject({
    code: "E_CATALOG_DENIED",
    message: expect.stringContaining(`/v1/services: status 403: Permission denied; the token's policy needs ${rule}`),
  });
  client.close();
});

test.each([
  ["", "no token was sent: give one by nomad.tokenFile, NOMAD_TOKEN or NOMAD_TOKEN_FILE"],
  [jwt({ exp: 1_700_000_000 }), "the JWT expired at 2023-11-14T22:13:20Z"],
  [jwt({ nbf: 9_700_000_000 }), "the JWT is not valid before 2277-05-19T"],
  [jwt({ aud: "vault.io" }), 'the JWT is for the audience "vault.io"'],
])("what is known of a token that is refused is said, and nothing of the token", async (token, known) => {
  server.faults.set("/v1/services", answers403("Permission denied"));
  const client = createClient(server.url, { readToken: () => token });
  const error = await client.services(NOW).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: "E_CATALOG_DENIED", message: expect.stringContaining(known) });
  if (token !== "") for (const part of token.split(".")) expect(inspect(error)).not.toContain(part);
  client.close();
});

test("an answer without any leader says so, not how old it is", async () => {
  const headers = { "Content-Type": "application/json", "X-Nomad-Index": "7", "X-Nomad-LastContact": "9223372036854" };
  server.faults.set("/v1/services", answers(200, headers, "[]"));
  const client = createClient(server.url);
  await expect(client.services({ ...NOW, consistency: "stale" })).rejects.toMatchObject({
    code: "E_CATALOG_STALE",
    message:
      "/v1/services: the server that answers has had no leader since it started, so that the age of its answer is unknown, and no more than 30 s (nomad.maxStale) are accepted; nomad operator raft list-peers shows the servers",
  });
  client.close();
});

test("an empty list with an index is one", async () => {
  server.faults.set("/v1/services", answersEmpty());
  const client = createClient(server.url);
  expect((await client.services(NOW)).value).toEqual(new Map());
  client.close();
});

test("a query is named as an operator would ask it", () => {
  const client = createClient(server.url);
  expect(client.target()).toBe("/v1/services");
  expect(client.target("team-a/web")).toBe("/v1/service/web?namespace=team-a");
  client.close();
});

test.each([
  ["a read", 0n, 9_999],
  ["a long poll", 1_000_000n, 60_000 * (17 / 16) + 9_999],
] as const)(
  "%s that hangs ends at its deadline, which leaves the server its time",
  async (_what, index, patienceMs) => {
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
    vi.advanceTimersByTime(1);
    await failure;
    client.close();
  },
);

test("an answer that drips ends at the deadline of the whole", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  server.faults.set("*", drips({ pieceBytes: 1, everyMs: 20 }));
  const client = createClient(server.url);
  const failure = expect(client.services(NOW)).rejects.toMatchObject({ code: "E_CATALOG_TIMEOUT" });
  await until(() => server.requests.count() === 1, { what: "the request", timeoutMs: 1_000 });
  vi.advanceTimersByTime(10_000);
  await failure;
  client.close();
});

test("an abort ends a long poll at once, on the wire as well", async () => {
  const client = createClient(server.url);
  const { index } = await client.services(NOW);
  const giveUp = new AbortController();
  const poll = client.services({ ...NOW, index: BigInt(index ?? 0), signal: giveUp.signal });
  const failure = expect(poll).rejects.toMatchObject({ code: "E_CATALOG_ABORTED" });
  await until(() => server.requests.count("/v1/services") === 2, { what: "the poll", timeoutMs: 1_000 });
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

test("a proxy of the environment is not asked", async () => {
  vi.stubEnv("http_proxy", "http://127.0.0.1:1");
  vi.stubEnv("HTTP_PROXY", "http://127.0.0.1:1");
  const client = createClient(server.url);
  await expect(client.services(NOW)).resolves.toHaveProperty("value");
  client.close();
  vi.unstubAllEnvs();
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

const TOKEN = "b1ab5e12-c0de-4000-8000-00c0ffee0001";

test.each<[string, Fault | "closed"]>([
  ["nothing listens", "closed"],
  ["the token is refused", answers403()],
  ["the answer is cut", cutsMidBody()],
  ["an error echoes the token", answers(403, { "Content-Type": "text/plain" }, `token ${TOKEN} is not known`)],
  ["an error echoes it where its text is cut", answers(500, { "Content-Type": "text/plain" }, "x".repeat(180) + TOKEN)],
  ["a page echoes it", answers(200, { "Content-Type": "text/html" }, `<p>${TOKEN}</p>`)],
  ["the content type echoes it", answers(200, { "Content-Type": `text/${TOKEN}` }, "x")],
  ["a body of another shape echoes it", answers(200, JSON_TYPE, JSON.stringify({ [TOKEN]: TOKEN }))],
  ["a body that is no JSON echoes it", answers(200, JSON_TYPE, `{${TOKEN}`)],
])("%s: the token is in no view of the error", async (_what, fault) => {
  if (fault === "closed") await server.close();
  else server.faults.set("*", fault);
  const client = createClient(server.url, { readToken: () => TOKEN });
  const error: unknown = await client.services(NOW).then(
    () => expect.fail("the read must fail"),
    (thrown: unknown) => thrown,
  );
  client.close();
  if (fault === "closed") await server.reopen();
  for (const view of [inspect(error, { showHidden: true, depth: Infinity }), JSON.stringify(error), String(error)]) {
    expect(view).not.toContain(TOKEN.slice(0, 9));
  }
  expect(error).toMatchObject({ name: "CatalogError", message: expect.stringContaining("/v1/services: ") });
});

test.each(["index", "header"])("a token that comes back in an %s, or cannot be sent, is not shown", async (where) => {
  server.faults.set("*", answers(200, { ...JSON_TYPE, "X-Nomad-Index": TOKEN }, "[]"));
  const client = createClient(server.url, { readToken: () => (where === "index" ? TOKEN : `${TOKEN}\nX: y`) });
  const result: unknown = await client.services(NOW).catch((thrown: unknown) => thrown);
  client.close();
  expect(inspect(result, { showHidden: true, depth: Infinity })).not.toContain(TOKEN.slice(0, 9));
});
