import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { inspect } from "node:util";
import pino from "pino";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { PRODUCTS } from "../../../../src/sources/catalog/product.ts";
import { createLoginApi, type LoginApi } from "../../../../src/sources/consul/login/login-api.ts";
import { openEndpoint } from "../../../../src/sources/http/client/endpoint.ts";
import { createHttp1 } from "../../../../src/sources/http/client/http1.ts";

const JWT = "eyJhbGciOiJFUzI1NiJ9.eyJuYW1lIjoicG9ydG9sYW4ifQ.c2lnbmF0dXJlLW9mLXRoZS1qd3Q";
const TOKEN = "b1ab5e12-c0de-4000-8000-00c0ffee0001";
const never = new AbortController().signal;

/** Real Consul's side is in test/integration/identity.test.ts; this one says what real Consul does not. */
let server: Server;
let answer: (response: ServerResponse, incoming: IncomingMessage) => void;
let requests: { readonly line: string; readonly token: unknown; readonly body: string }[];
let api: LoginApi;
beforeAll(async () => {
  server = createServer(async (incoming, response) => {
    const body = await text(incoming);
    requests.push({ line: `${incoming.method} ${incoming.url}`, token: incoming.headers["x-consul-token"], body });
    answer(response, incoming);
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  requests = [];
  api = open();
});

function open(more: { meta?: Record<string, string>; datacenter?: string } = {}): LoginApi {
  const endpoint = openEndpoint(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, {}, PRODUCTS.consul);
  return createLoginApi({ connections: createHttp1(endpoint), authMethod: "nomad-workloads", meta: {}, ...more });
}

function answers(status: number, body: unknown, headers: Record<string, string> = {}): void {
  answer = (response) => {
    const isText = typeof body === "string";
    const type = isText ? "text/plain; charset=utf-8" : "application/json";
    response.writeHead(status, { "Content-Type": type, ...headers }).end(isText ? body : JSON.stringify(body));
  };
}

const GIVEN = { SecretID: TOKEN, AccessorID: "accessor", CreateTime: "2026-11-21T17:41:36.962754255Z" };

describe("a login", () => {
  test("shows the JWT and gives token and life, both times by Consul's clock", async () => {
    answers(200, { ...GIVEN, ExpirationTime: "2026-11-21T17:43:36.962754255Z", Local: true });
    const datacenter = open({ datacenter: "dc2", meta: { node: "edge-1" } });
    expect(await datacenter.login(JWT, never)).toEqual({ token: TOKEN, accessor: "accessor", lifeMs: 120_000 });
    expect(requests).toEqual([{ line: "POST /v1/acl/login?dc=dc2", token: undefined, body: expect.any(String) }]);
    expect(JSON.parse(requests[0]?.body ?? "")).toEqual({
      AuthMethod: "nomad-workloads",
      BearerToken: JWT,
      Meta: { node: "edge-1" },
    });
  });

  test("without an expiration lives on", async () => {
    answers(200, GIVEN);
    expect(await api.login(JWT, never)).toMatchObject({ lifeMs: undefined });
  });

  test.each<[string, number, unknown, string, RegExp]>([
    ["no such method", 403, "ACL not found", "E_CATALOG_LOGIN", /auth method "nomad-workloads" .*must exist/],
    ["no binding rule", 403, "Permission denied", "E_CATALOG_LOGIN", /one of its binding rules must match the JWT's/],
    ["ACLs are off", 401, "ACL support disabled", "E_CATALOG_LOGIN", /ACL support disabled/],
    [
      "an old JWT",
      500,
      "error validating claims: square/go-jose/jwt: validation failed, token is expired (exp)",
      "E_CATALOG_LOGIN",
      /token is expired \(exp\); the JWT \(consul\.login\.jwtFile\) must suit/,
    ],
    [
      "no leader",
      500,
      "No cluster leader",
      "E_CATALOG_STATUS",
      /No cluster leader; consul operator raft list-peers shows the servers$/,
    ],
    ["too often", 429, "slow down", "E_CATALOG_BUSY", /slow down/],
    ["a page", 200, "<p>hello</p>", "E_CATALOG_NOT_JSON", /instead of application\/json/],
    ["another body", 200, { Hello: 1 }, "E_CATALOG_SHAPE", /SecretID/],
  ])("%s: says so, and what to do", async (_what, status, body, code, message) => {
    answers(status, body);
    await expect(api.login(JWT, never)).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
  });

  test("ends when it is given up", async () => {
    const giveUp = new AbortController();
    answer = () => giveUp.abort();
    await expect(api.login(JWT, giveUp.signal)).rejects.toMatchObject({ code: "E_CATALOG_ABORTED" });
  });
});

describe("a token", () => {
  test("is known when a stale read of itself succeeds", async () => {
    answers(200, GIVEN);
    expect(await api.isKnown(TOKEN, never)).toBe(true);
    expect(requests).toEqual([{ line: "GET /v1/acl/token/self?stale=", token: TOKEN, body: "" }]);
    answers(403, "ACL not found");
    expect(await api.isKnown(TOKEN, never)).toBe(false);
  });

  test("is given back", async () => {
    answers(200, true);
    await api.logout(TOKEN, 2_000);
    expect(requests).toEqual([{ line: "POST /v1/acl/logout", token: TOKEN, body: "" }]);
  });

  test("that is gone already needs no giving back", async () => {
    answers(403, "ACL not found");
    await expect(api.logout(TOKEN, 2_000)).resolves.toBeUndefined();
  });

  test("is not given back at any price", async () => {
    answer = () => {};
    await expect(api.logout(TOKEN, 50)).rejects.toMatchObject({ code: "E_CATALOG_TIMEOUT" });
  });
});

describe("no secret is in any view of an error", () => {
  const [head = "", claims = "", signature = ""] = JWT.split(".");
  const JSON_TYPE = { "Content-Type": "application/json" };
  const ECHOES: readonly (readonly [string, number, string | object, Record<string, string>])[] = [
    ["a text that echoes it", 403, "SECRET is not welcome", {}],
    ["a text that is cut in its midst", 500, `${"x".repeat(180)}SECRET`, {}],
    ["a page", 200, "<p>SECRET</p>", {}],
    ["a content type", 200, "{}", { "Content-Type": "text/SECRET" }],
    ["a body that is no JSON", 200, "{SECRET", JSON_TYPE],
    ["a key", 200, { SECRET: 1 }, {}],
    ["a value of a wrong type", 200, { ...GIVEN, SecretID: { of: "SECRET" } }, {}],
    ["a time that is none", 200, { ...GIVEN, CreateTime: "SECRET" }, {}],
  ];

  test.each(
    ECHOES.flatMap((echo) => [
      [...echo, JWT, "JWT"] as const,
      [...echo, `${claims}.${signature}`, "part of the JWT"] as const,
      // Only the body of a success can hold a token that we have never sent.
      ...(echo[1] === 200 && !echo[3]["Content-Type"]?.includes("SECRET")
        ? [[...echo, TOKEN, "new token"] as const]
        : []),
    ]),
  )("%s, status %i: %j %j, %s", async (_what, status, body, headers, secret) => {
    const echoed = (value: string) => value.replaceAll("SECRET", secret);
    const shown = typeof body === "string" ? echoed(body) : JSON.parse(echoed(JSON.stringify(body)));
    answers(status, shown, Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, echoed(value)])));
    const error: unknown = await api.login(JWT, never).then(
      () => expect.fail("the login must fail"),
      (thrown: unknown) => thrown,
    );
    const lines: string[] = [];
    const logger = pino({ level: "trace" }, { write: (line: string) => void lines.push(line) });
    logger.error(error);
    logger.error({ err: error, nested: { error } }, String(error));
    const views = [
      inspect(error, { showHidden: true, depth: Infinity }),
      JSON.stringify(error),
      String(error),
      ...lines,
    ];
    for (const view of views) {
      for (const part of [head, claims, signature, TOKEN]) expect(view).not.toContain(part.slice(0, 12));
    }
    expect(error).toMatchObject({ name: "CatalogError", message: expect.stringContaining("/v1/acl/login") });
  });

  test("nor when nothing listens", async () => {
    const connections = createHttp1(openEndpoint("http://127.0.0.1:1", {}, PRODUCTS.consul));
    const closed = createLoginApi({ connections, authMethod: "m", meta: {} });
    for (const asking of [closed.login(JWT, never), closed.logout(TOKEN, 1_000)]) {
      const error: unknown = await asking.catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ code: "E_CATALOG_UNREACHABLE" });
      expect(inspect(error, { showHidden: true, depth: Infinity })).not.toMatch(/eyJ|b1ab5e12/);
    }
  });
});
