import { request } from "node:http";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { defineResource } from "../../src/api/resource.ts";
import { serving } from "../../src/api/served-resource.ts";
import { AppError } from "../../src/base/errors.ts";
import type { PageFile } from "../../src/web/page-file.ts";
import { startWebServer, type WebServer } from "../../src/web/server.ts";

const STATUS = defineResource({
  path: "/v1/status",
  summary: "how it stands",
  query: z.strictObject({}),
  answer: z.object({ ready: z.boolean() }),
});
const PORTS = defineResource({
  path: "/v1/ports",
  summary: "ports",
  query: z.strictObject({
    limit: z
      .string()
      .regex(/^[1-9]\d{0,3}$/, "a number from 1 to 9999 is allowed")
      .transform(Number)
      .default(2),
    node: z.string().exactOptional(),
  }),
  answer: z.object({ limit: z.number(), node: z.string().nullable() }),
});

const content = (text: string) => ({
  etag: `"${text.length}"`,
  bodies: { identity: Buffer.from(text), br: brotliCompressSync(text), gzip: gzipSync(text) },
});
const SCRIPT = "// a page's script\n";
const FILES = new Map<string, PageFile>([
  ["/", { contentType: "text/html; charset=utf-8", isLasting: false, ...content("<!doctype html>") }],
  ["/assets/page-1.js", { contentType: "text/javascript; charset=utf-8", isLasting: true, ...content(SCRIPT) }],
]);

let readiness = { isReady: true, reasons: [] as readonly string[] };
let server: WebServer;
const VIEWS = {
  readiness: () => readiness,
  metrics: () => Promise.resolve({ text: "portolan_x 1\n", contentType: "text/plain; version=0.0.4" }),
  files: FILES,
  resources: [
    serving(STATUS, () => ({ ready: true })),
    serving(PORTS, ({ limit, node = null }) => {
      if (node === "gone")
        throw new AppError("there is no node gone; known: a", { code: "E_API_NOT_FOUND", retryable: false });
      return { limit, node };
    }),
  ],
};

beforeEach(async () => {
  readiness = { isReady: true, reasons: [] };
  server = await startWebServer({ host: "127.0.0.1", port: 0, names: new Set(["edge-1"]) }, VIEWS);
});

afterEach(() => server.close());

function get(path: string, init: RequestInit = {}): Promise<Response> {
  return fetch(`${server.url}${path}`, init);
}

test("the process is healthy whatever the chart is", async () => {
  readiness = { isReady: false, reasons: ["x"] };
  const response = await get("/healthz");
  expect([response.status, await response.text()]).toEqual([200, "ok\n"]);
});

test("readiness shows its reasons, the most important first", async () => {
  expect([(await get("/readyz")).status, await (await get("/readyz")).text()]).toEqual([200, "ready\n"]);
  readiness = { isReady: false, reasons: ["the chart cannot be written", "the catalog is silent"] };
  const response = await get("/readyz");
  expect([response.status, await response.text()]).toEqual([
    503,
    "the chart cannot be written\nthe catalog is silent\n",
  ]);
});

test("metrics come as Prometheus wants them, and the status as JSON", async () => {
  const metrics = await get("/metrics");
  expect([metrics.headers.get("content-type"), await metrics.text()]).toEqual([
    "text/plain; version=0.0.4",
    "portolan_x 1\n",
  ]);
  const status = await get("/v1/status");
  expect(status.headers.get("content-type")).toContain("application/json");
  expect(await status.json()).toEqual({ ready: true });
});

describe("what is asked for", () => {
  test.each([
    ["/v1/ports", 200, { limit: 2, node: null }],
    ["/v1/ports?limit=7&node=a%20b", 200, { limit: 7, node: "a b" }],
    ["/v1/ports?node=a?b", 200, { limit: 2, node: "a?b" }],
    ["/v1/ports?limit=0", 400, 'limit: found "0"; a number from 1 to 9999 is allowed'],
    ["/v1/ports?limit=1&limit=2", 400, "found limit twice; it is allowed once"],
    ["/v1/ports?limits=1", 400, 'found the parameter "limits"; allowed: limit, node; did you mean limit?'],
    ["/v1/ports?__proto__=1", 400, 'found the parameter "__proto__"; allowed: limit, node'],
    [`/v1/ports?${"x".repeat(5_000)}=1`, 400, "…"],
    ["/v1/status?pretty", 400, 'found the parameter "pretty"; no parameter is allowed'],
    ["/v1/ports?node=gone", 404, "there is no node gone; known: a"],
    ["/v1/ports?limit=%1b%5b2J", 400, "\\u001b[2J"],
  ])("%s", async (path, status, expected) => {
    const response = await get(path);
    expect(response.status).toBe(status);
    expect(response.headers.get("content-type")).toContain("application/json");
    const body = (await response.json()) as { readonly message: string };
    if (typeof expected !== "string") return expect(body).toEqual(expected);
    expect(body).toMatchObject({ code: status === 404 ? "E_API_NOT_FOUND" : "E_API_QUERY" });
    expect(body.message).toContain(expected);
    expect(body.message.length).toBeLessThan(400);
  });
});

describe("what is not served", () => {
  test.each(["POST", "PUT", "DELETE", "PATCH", "OPTIONS"])("%s", async (method) => {
    expect((await get("/v1/status", { method })).status).toBe(405);
  });

  test.each(["/index.html", "/assets/", "/healthz/", "/v1", "/..%2fetc/passwd", "/__proto__"])(
    "%s, whose answer names the paths that exist",
    async (path) => {
      const response = await get(path);
      expect(response.status).toBe(404);
      expect(await response.text()).toContain("served here: /healthz /readyz /metrics /v1/status /v1/ports");
    },
  );
});

describe("the page for browsers", () => {
  test.each([
    ["br", "br"],
    ["gzip, br;q=0.5", "br"],
    ["gzip, br;q=0", "gzip"],
    ["identity", null],
    ["", null],
  ])("Accept-Encoding: %s gets %s, and the same text", async (accepted, coding) => {
    const response = await get("/assets/page-1.js", { headers: { "accept-encoding": accepted } });
    expect([response.status, response.headers.get("content-encoding")]).toEqual([200, coding]);
    expect(await response.text()).toBe(SCRIPT);
  });

  test("only what its name's hash tells apart is kept by browsers", async () => {
    const kept = async (path: string) => (await get(path)).headers.get("cache-control");
    expect([await kept("/"), await kept("/assets/page-1.js")]).toEqual([
      "no-cache",
      "public, max-age=31536000, immutable",
    ]);
  });

  test("what a browser has of it is not sent again", async () => {
    for (const path of FILES.keys()) {
      const etag = (await get(path)).headers.get("etag") ?? "";
      const again = await get(path, { headers: { "if-none-match": etag } });
      expect([path, again.status, await again.text()]).toEqual([path, 304, ""]);
      expect((await get(path, { headers: { "if-none-match": '"other"' } })).status).toBe(200);
    }
  });

  test("where it was not built, the answer says so and what there is instead", async () => {
    const pageless = await startWebServer(
      { host: "127.0.0.1", port: 0, names: new Set() },
      { ...VIEWS, files: new Map() },
    );
    const answer = await fetch(pageless.url);
    expect([answer.status, await answer.text()]).toEqual([
      404,
      "this portolan was built without its page for browsers (npm run build makes it), or its files could not be read when it started; what it would show is told at /v1/status /v1/ports\n",
    ]);
    await pageless.close();
  });

  test("a browser loads nothing for it from elsewhere", async () => {
    expect((await get("/")).headers.get("content-security-policy")).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    );
  });

  test("a name that is not this machine's gets none of it", async () => {
    const status = await new Promise((resolve) => {
      request(`${server.url}/`, { headers: { host: "evil.test" } }, (response) => {
        response.resume();
        resolve(response.statusCode);
      }).end();
    });
    expect(status).toBe(421);
  });
});

test("HEAD answers as GET does, without a body", async () => {
  const response = await get("/readyz", { method: "HEAD" });
  expect([response.status, await response.text()]).toEqual([200, ""]);
});

test("nothing but the page's files is cached", async () => {
  for (const path of ["/v1/status", "/readyz", "/metrics", "/none"]) {
    expect((await get(path)).headers.get("cache-control")).toBe("no-store");
  }
});

test.each([
  ...["/", "/assets/page-1.js", "/v1/status", "/v1/ports?limit=0", "/v1/events", "/healthz", "/readyz", "/metrics"],
  "/none",
])("%s is served so that a browser lets no other site embed, read or reinterpret it", async (path) => {
  for (const method of ["GET", "HEAD", "POST"]) {
    const { headers } = await get(path, { method, headers: { origin: "https://evil.test" } });
    expect(Object.fromEntries(headers)).toMatchObject({
      "content-security-policy": expect.stringContaining("default-src 'none'; script-src 'self'"),
      "x-content-type-options": "nosniff",
      "referrer-policy": "no-referrer",
      "cross-origin-resource-policy": "same-origin",
      "cross-origin-opener-policy": "same-origin",
    });
    expect([...headers.keys()].filter((name) => name.startsWith("access-control-"))).toEqual([]);
  }
});

test("an address in use is reported, with the remedy and the exit code for settings", async () => {
  const port = Number(new URL(server.url).port);
  const views = {
    readiness: () => readiness,
    metrics: () => Promise.resolve({ text: "", contentType: "" }),
    files: new Map(),
    resources: [],
  };
  const error = await startWebServer({ host: "127.0.0.1", port, names: new Set() }, views).catch(
    (caught: unknown) => caught,
  );
  if (!(error instanceof AppError)) throw new Error("it was not refused by an AppError");
  expect([error.code, error.exitCode]).toEqual(["E_LISTEN", 69]);
  expect(error.message).toContain(`cannot listen on 127.0.0.1:${port} (EADDRINUSE)`);
  expect(error.message).toContain("--listen HOST:PORT");
});

/** The answer to a request that carries this Host header. */
function askedAs(host: string, path: string): Promise<{ readonly status: number | undefined; readonly text: string }> {
  return new Promise((resolve, reject) => {
    request(`${server.url}${path}`, { headers: { host } }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (part: string) => {
        text += part;
      });
      response.once("end", () => resolve({ status: response.statusCode, text }));
    })
      .once("error", reject)
      .end();
  });
}

describe("a request by another name", () => {
  test.each(["127.0.0.1:9532", "[::1]:9532", "10.0.0.7", "localhost:9532", "LOCALHOST", "edge-1:9532", "Edge-1."])(
    "such as this machine's own %s is answered",
    async (host) => {
      expect(await askedAs(host, "/v1/status")).toMatchObject({ status: 200 });
    },
  );

  test.each([
    "rebound.example.org",
    "rebound.example.org:9532",
    "edge-1.example.org",
    "localhost.example.org",
    "10.0.0.7.nip.io",
  ])("such as a stranger's %s is not, and the setting is told that would allow it", async (host) => {
    const { status, text } = await askedAs(host, "/v1/status");
    expect(status).toBe(421);
    expect(text).not.toContain("ready");
    expect(text).toContain(`listenNames: ["${host.replace(":9532", "")}"]`);
  });

  test.each(["/healthz", "/readyz", "/metrics"])("for %s is answered whatever the name is", async (path) => {
    expect(await askedAs("rebound.example.org", path)).toMatchObject({ status: 200 });
  });
});

test("it stops although a client keeps its connection open", async () => {
  const client = request(`${server.url}/healthz`, { headers: { connection: "keep-alive" } });
  const answered = new Promise((resolve) =>
    client.once("response", (response) => response.resume().once("end", resolve)),
  );
  client.end();
  await answered;
  await expect(server.close()).resolves.toBeUndefined();
});
