import { request } from "node:http";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { AppError } from "../../src/base/errors.ts";
import { startWebServer, type WebServer } from "../../src/web/server.ts";

let readiness = { isReady: true, reasons: [] as readonly string[] };
let server: WebServer;

beforeEach(async () => {
  readiness = { isReady: true, reasons: [] };
  server = await startWebServer(
    { host: "127.0.0.1", port: 0, names: new Set(["edge-1"]) },
    {
      readiness: () => readiness,
      status: () => ({ ready: true }),
      metrics: () => Promise.resolve({ text: "portolan_x 1\n", contentType: "text/plain; version=0.0.4" }),
    },
  );
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
  const status = await get("/v1/status?pretty");
  expect(status.headers.get("content-type")).toContain("application/json");
  expect(await status.json()).toEqual({ ready: true });
});

describe("what is not served", () => {
  test.each(["POST", "PUT", "DELETE", "PATCH", "OPTIONS"])("%s", async (method) => {
    expect((await get("/v1/status", { method })).status).toBe(405);
  });

  test.each(["/", "/healthz/", "/v1", "/..%2fetc/passwd", "/__proto__"])(
    "%s, whose answer names the paths that exist",
    async (path) => {
      const response = await get(path);
      expect(response.status).toBe(404);
      expect(await response.text()).toContain("/healthz /readyz /metrics /v1/status");
    },
  );
});

test("HEAD answers as GET does, without a body", async () => {
  const response = await get("/readyz", { method: "HEAD" });
  expect([response.status, await response.text()]).toEqual([200, ""]);
});

test("nothing is cached, and nothing is sniffed", async () => {
  const { headers } = await get("/v1/status");
  expect([headers.get("cache-control"), headers.get("x-content-type-options")]).toEqual(["no-store", "nosniff"]);
});

test("an address in use is reported, with the remedy and the exit code for settings", async () => {
  const port = Number(new URL(server.url).port);
  const views = {
    readiness: () => readiness,
    status: () => ({}),
    metrics: () => Promise.resolve({ text: "", contentType: "" }),
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
