import { copyFile, readFile, writeFile } from "node:fs/promises";
import { request } from "node:https";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { renderChart } from "../../src/core/traefik/chart/render.ts";
import { type CatalogServer, startCatalogServer } from "../../src/simulator/server.ts";
import { createCatalog } from "../../src/simulator/state/catalog.ts";
import { startChartServer } from "../../src/web/chart-server.ts";
import { chart } from "../builders/chart.ts";
import { until } from "../support/await-until.ts";
import { type Authority, makeAuthority } from "../support/certificates.ts";
import { type PortolanProcess, runPortolan, startPortolan } from "../support/portolan-process.ts";
import { findTool } from "../support/real-binaries.ts";
import { type RealTraefik, startRealTraefik } from "../support/real-traefik.ts";
import { ask, createSite, errorsAboutUs, type Site } from "./site.ts";

const tool = await findTool("traefik");

/** In the token and in nothing else. */
const MARK = "pl4nted";
const TOKEN = `${MARK}-0123456789abcdef`;
const HASH = "$apr1$d0nt5h0w$IgXLP6ewTrSuBkTrqE8wj/";

let site: Site;
let server: CatalogServer;
let authority: Authority;
let portolan: PortolanProcess | undefined;
let traefik: RealTraefik | undefined;
const catalog = createCatalog();

beforeEach(async () => {
  site = await createSite();
  catalog.wipe();
  authority = makeAuthority(file("."), "authority");
  await install("first");
  await writeFile(file("token"), `${TOKEN}\n`, { mode: 0o600 });
  register("shop", "shop.test");
  server = await startCatalogServer({ catalog });
});
afterEach(async () => {
  await traefik?.stop();
  await portolan?.stop();
  traefik = undefined;
  portolan = undefined;
  await server.close();
  await site.remove();
});

const file = (name: string) => join(site.watched, "..", name);

async function install(name: string): Promise<void> {
  const { cert, key } = authority.sign(name, "subjectAltName=IP:127.0.0.1");
  await copyFile(key, file("server.key"));
  await copyFile(cert, file("server.pem"));
}

function register(service: string, host: string, Port = site.backendPort): void {
  const Tags = [
    "traefik.enable=true",
    `traefik.http.routers.${service}.rule=Host(\`${host}\`)`,
    `traefik.http.middlewares.${service}-lock.basicauth.users=admin:${HASH}`,
    `traefik.http.routers.${service}-admin.rule=Host(\`${host}\`) && PathPrefix(\`/admin\`)`,
    `traefik.http.routers.${service}-admin.middlewares=${service}-lock`,
    // Braces that the file provider would run as a template are escaped in the chart, and come back here.
    `traefik.http.middlewares.${service}-mark.headers.customresponseheaders.X-Braces={{ env "HOME" }}`,
    `traefik.http.routers.${service}.middlewares=${service}-mark`,
  ];
  catalog.register({ Node: "node-1", Address: "127.0.0.1", Service: { ID: service, Service: service, Port, Tags } });
}

async function start(more: object = {}, serve: object = {}): Promise<PortolanProcess> {
  const tls = { certFile: "server.pem", keyFile: "server.key" };
  const settings = await site.settings(
    JSON.stringify({
      publish: { quiet: "10ms" },
      ...more,
      serve: { listen: "127.0.0.1:0", tokenFile: "token", tls, ...serve },
    }),
  );
  const files = ["--output", site.chart, "--state-dir", site.stateDir];
  portolan = await startPortolan([...["--settings", settings, "--consul-addr", server.url], ...files]);
  return portolan;
}

function urls(): readonly string[] {
  const started = portolan?.events().find(({ event }) => event === "serve.started");
  return (started?.["urls"] ?? []) as readonly string[];
}

const told = (event: string) => portolan?.events().filter((entry) => entry["event"] === event) ?? [];

interface Got {
  readonly status: number | undefined;
  readonly etag: string | undefined;
  readonly text: string;
}

async function get(url = urls()[0] ?? "", headers: object = { authorization: `Bearer ${TOKEN}` }): Promise<Got> {
  const ca = await readFile(authority.cert, "utf8");
  return new Promise((resolve, reject) => {
    request(url, { ca, headers: { ...headers }, agent: false }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (part: string) => {
        text += part;
      });
      response.once("end", () => resolve({ status: response.statusCode, etag: response.headers.etag, text }));
    })
      .once("error", reject)
      .end();
  });
}

async function servesTheChart(url?: string, path = site.chart): Promise<void> {
  const isSame = async () => {
    const { status, text } = await get(url);
    return status === 200 && text === (await readFile(path, "utf8"));
  };
  await until(isSame, { timeoutMs: 5_000, what: "the chart to be served byte by byte" });
}

describe.skipIf(tool === undefined)("a real Traefik on another machine", () => {
  async function startTraefik(url: string, token = TOKEN): Promise<RealTraefik> {
    if (tool === undefined) throw new Error("skipped without Traefik");
    const provider = "--providers.http";
    traefik = await startRealTraefik(tool, {
      args: [
        `${provider}.endpoint=${url}`,
        `${provider}.pollInterval=100ms`,
        `${provider}.headers.Authorization=Bearer ${token}`,
        `${provider}.tls.ca=${authority.cert}`,
      ],
      directories: [file(".")],
    });
    return traefik;
  }

  async function answers(host: string, status: number): Promise<void> {
    const isSo = async () => (await ask(traefik?.url ?? "", host)).status === status;
    await until(isSo, { timeoutMs: 10_000, what: `${host} to answer ${status}` });
  }

  test("routes what portolan charts, follows it, and keeps what it has while portolan is away", async () => {
    await start();
    await servesTheChart();
    const { url, apiUrl, logLines } = await startTraefik(urls()[0] ?? "");
    await answers("shop.test", 200);
    expect(await ask(url, "shop.test")).toEqual({ status: 200, text: "shop.test" });
    expect((await ask(`${url}/admin`, "shop.test")).status).toBe(401);
    const braces = await (await fetch(`${apiUrl}/api/http/middlewares/shop-mark@http`)).json();
    expect(braces).toMatchObject({ headers: { customResponseHeaders: { "X-Braces": '{{ env "HOME" }}' } } });

    register("wiki", "wiki.test");
    await answers("wiki.test", 200);
    catalog.deregister({ Node: "node-1", ServiceID: "wiki" });
    await answers("wiki.test", 503);
    expect(errorsAboutUs(logLines())).toEqual([]);

    await portolan?.stop();
    for (let asked = 0; asked < 20; asked += 1) expect((await ask(url, "shop.test")).status).toBe(200);
  });

  test("gets nothing with another token, and is told in the log, until it has the right one", async () => {
    await start();
    const { url } = await startTraefik(urls()[0] ?? "", `${TOKEN.slice(0, -1)}`);
    await until(() => told("serve.refused").length > 0, { timeoutMs: 10_000, what: "the refusal to be told" });
    expect(told("serve.refused")).toEqual([
      expect.objectContaining({ reason: "another token", address: "127.0.0.1", count: 1 }),
    ]);
    expect((await ask(url, "shop.test")).status).toBe(404);
    await traefik?.stop();
    await startTraefik(urls()[0] ?? "");
    await answers("shop.test", 200);
  });
});

test.skipIf(tool === undefined)(
  "a chart without any route takes the routes away in a Traefik that had some",
  async () => {
    if (tool === undefined) throw new Error("skipped without Traefik");
    let text = renderChart(
      chart({
        routers: { shop: { rule: "Host(`shop.test`)", service: "shop" } },
        services: { shop: { loadBalancer: { servers: [{ url: `http://127.0.0.1:${site.backendPort}` }] } } },
      }),
    );
    const parts = {
      charts: new Map([["/v1/chart", () => text]]),
      whyRefused: () => undefined,
      observer: { refused() {} },
    };
    const chartServer = await startChartServer({ host: "127.0.0.1", port: 0 }, parts);
    try {
      const endpoint = `--providers.http.endpoint=${chartServer.url}/v1/chart`;
      traefik = await startRealTraefik(tool, { args: [endpoint, "--providers.http.pollInterval=100ms"] });
      const status = async () => (await ask(traefik?.url ?? "", "shop.test")).status;
      await until(async () => (await status()) === 200, { timeoutMs: 10_000, what: "the route" });
      text = renderChart(chart({}));
      await until(async () => (await status()) === 404, { timeoutMs: 10_000, what: "the route to go" });
      expect(errorsAboutUs(traefik.logLines())).toEqual([]);
    } finally {
      await chartServer.close();
    }
  },
);

test("what is served is the chart byte by byte, an earlier one after a rollback, and the one on disk after a restart", async () => {
  await start();
  await servesTheChart();
  const first = await get();
  expect(first.text).toContain(HASH);
  expect((await get(undefined, { authorization: `Bearer ${TOKEN}`, "if-none-match": first.etag })).status).toBe(304);

  register("wiki", "wiki.test");
  await until(async () => (await get()).text.includes("wiki"), { timeoutMs: 5_000, what: "the news" });
  await servesTheChart();
  expect((await runPortolan(["rollback", "1", "--state-dir", site.stateDir])).code).toBe(0);
  await until(async () => (await get()).text === first.text, { timeoutMs: 5_000, what: "the earlier chart" });
  await servesTheChart();

  await portolan?.stop();
  server.faults.set("/v1/*", async ({ response }) => void response.destroy());
  await start();
  await servesTheChart();
  expect((await get()).text).toBe(first.text);
});

test("a chart whose routes are held is served like any other", async () => {
  await start();
  await servesTheChart();
  for (let service = 0; service < 10; service += 1) register(`s${service}`, `s${service}.test`);
  await until(async () => (await get()).text.includes("s9.test"), { timeoutMs: 5_000, what: "the services" });
  for (let service = 0; service < 10; service += 1) catalog.deregister({ Node: "node-1", ServiceID: `s${service}` });
  await until(() => told("chart.held").length > 0, { timeoutMs: 5_000, what: "the hold" });
  await servesTheChart();
  expect((await get()).text).toContain(`"url": "http://127.0.0.1:${site.backendPort}"`.replace('": "', '":"'));
});

test("before there is a chart the answer is 503, and the token is demanded all the same", async () => {
  server.faults.set("/v1/*", async ({ response }) => void response.destroy());
  await start();
  expect(await get()).toMatchObject({ status: 503, etag: undefined });
  expect((await get(undefined, {})).status).toBe(401);
  server.faults.clear();
  await servesTheChart();
});

test("each edge has its chart at a path of its own", async () => {
  const other = join(site.watched, "..", "public.yml");
  await start({ edges: [{ name: "public", prefix: "public", file: other }] });
  expect(urls().map((url) => new URL(url).pathname)).toEqual(["/v1/chart", "/v1/chart/public"]);
  await servesTheChart();
  await servesTheChart(urls()[1], other);
});

test("another certificate and another token count without a restart, and neither is ever shown", async () => {
  await start({ log: { level: "debug" } });
  await servesTheChart();
  await install("second");
  const other = `${TOKEN}-2`;
  await writeFile(file("token"), other);
  const isIn = async () => (await get(undefined, { authorization: `Bearer ${other}` })).status === 200;
  await until(isIn, { timeoutMs: 10_000, what: "the new token to count" });
  expect((await get()).status).toBe(401);
  await writeFile(file("token"), "");
  await until(async () => (await get(undefined, { authorization: `Bearer ${other}` })).status === 401, {
    timeoutMs: 10_000,
    what: "the token to be withdrawn",
  });
  expect(told("credentials.renewed").map(({ msg }) => String(msg).slice(0, 18))).toEqual(
    expect.arrayContaining([expect.stringContaining("serve.tls"), expect.stringContaining("serve.tokenFile")]),
  );
  await until(() => told("credentials.warning").length > 0, { timeoutMs: 5_000, what: "the line about it" });
  expect(told("credentials.warning")).toEqual([
    expect.objectContaining({ msg: expect.stringContaining("every client is refused until it holds a token") }),
  ]);
  const pages = ["/v1/status", "/v1/routes"].map(async (path) => (await fetch(`${portolan?.url}${path}`)).text());
  const status = (await Promise.all(pages)).join("\n");
  const metrics = await (await fetch(`${portolan?.url}/metrics`)).text();
  const keys = (await readFile(file("server.key"), "utf8")).split("\n").slice(1, 2);
  for (const secret of [MARK, HASH, ...keys]) {
    expect([portolan?.log(), status, metrics].join("\n")).not.toContain(secret);
  }
});

describe("the start is refused (78), and no secret is shown", () => {
  test.each([
    ["on an address of the network without TLS", { listen: "0.0.0.0:0", tls: {} }, /serve\.listen: found 0\.0\.0\.0:0/],
    ["with a token in the settings", { token: TOKEN }, /serve\.token: not a setting/],
    ["with a token that can be guessed", { tokenFile: "short" }, /serve\.tokenFile: .*openssl rand -hex 32/],
    ["with a key that is none", { tls: { certFile: "server.pem", keyFile: "token" } }, /serve\.tls\.keyFile: /],
  ])("%s", async (_, serve, message) => {
    await writeFile(file("short"), MARK);
    const tls = { certFile: "server.pem", keyFile: "server.key" };
    const content = { serve: { listen: "127.0.0.1:0", tokenFile: "token", tls, ...serve } };
    const settings = await site.settings(JSON.stringify(content));
    const files = ["--settings", settings, "--output", site.chart, "--state-dir", site.stateDir];
    const { code, stderr } = await runPortolan([...["run", "--listen", "127.0.0.1:0"], ...files]);
    expect(code).toBe(78);
    expect(stderr).toMatch(message);
    expect(stderr).not.toContain(MARK);
  });
});
