import { Ajv2020 } from "ajv/dist/2020.js";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { CatalogServer } from "../../src/simulator/api/api-server.ts";
import { createCatalog, startCatalogServer } from "../../src/simulator/simulator.ts";
import { until } from "../support/await-until.ts";
import { type PortolanProcess, startPortolan } from "../support/portolan-process.ts";
import { createSite, type Site } from "./site.ts";

/** One Consul and one daemon for all of them. */
const catalog = createCatalog();
let site: Site;
let consul: CatalogServer;
let daemon: PortolanProcess;

beforeAll(async () => {
  site = await createSite();
  consul = await startCatalogServer({ catalog });
  await site.beside(
    "ledger.yml",
    "groups: [{ name: apps, ports: 30800-30809, spacing: 2, purpose: x }]\nports: [{ ports: 9000, owner: minio, exposure: internal, purpose: S3 }]\n",
  );
  register("web", 24_001);
  catalog.register({
    Node: "node-1",
    Address: "127.0.0.1",
    Service: { Service: "broken", Port: 24_009, Tags: ["traefik.enable=true", "traefik.http.routers.b.rul=x"] },
  });
  daemon = await start();
});
afterAll(async () => {
  await daemon.stop();
  await consul.close();
  await site.remove();
});

function register(Service: string, Port: number): void {
  const Tags = ["traefik.enable=true", `traefik.http.routers.${Service}.rule=Host(\`${Service}.test\`)`];
  catalog.register({ Node: "node-1", Address: "127.0.0.1", Service: { Service, Port, Tags } });
}

async function start(): Promise<PortolanProcess> {
  const settings = await site.settings(`ports: { ledger: ledger.yml }\nlisten: 127.0.0.1:0\n`);
  const started = await startPortolan([
    ...["--settings", settings, "--consul-addr", consul.url],
    ...["--output", site.chart, "--state-dir", site.stateDir],
  ]);
  await until(async () => (await fetch(`${started.url}/readyz`)).ok, { timeoutMs: 20_000, what: "it to be ready" });
  return started;
}

/** A stream that is read as it comes. */
async function openStream(url: string, lastId?: string) {
  const stop = new AbortController();
  const headers = { accept: "text/event-stream", ...(lastId === undefined ? {} : { "last-event-id": lastId }) };
  const answer = await fetch(`${url}/v1/events`, { headers, signal: stop.signal });
  const stream = { text: "", stop: () => stop.abort() };
  void (async () => {
    for await (const part of answer.body ?? []) stream.text += Buffer.from(part).toString();
  })().catch(() => {});
  return stream;
}

function lastIdIn(text: string): string {
  return (
    text
      .match(/^id: \d+$/gm)
      ?.at(-1)
      ?.slice(4) ?? ""
  );
}

describe("a stream of a running portolan", () => {
  test("tells of a service that comes as the list has it, and is resumed over a restart with a word that something was missed", async () => {
    const stream = await openStream(daemon.url);
    await until(() => stream.text.includes("event: status\n"), { timeoutMs: 5_000, what: "the status" });
    register("wiki", 24_002);
    await until(() => /^event: routes\n.*\n.*"router":"wiki"/m.test(stream.text), { timeoutMs: 10_000, what: "wiki" });
    const { routes } = (await (await fetch(`${daemon.url}/v1/routes?router=wiki`)).json()) as { routes: unknown[] };
    const frame = /^event: routes\nid: \d+\ndata: (.*"wiki".*)$/m.exec(stream.text)?.[1] ?? "{}";
    expect(JSON.parse(frame)).toMatchObject({ chart: "main", rows: routes, gone: [] });
    await until(() => /^event: change\n.*\n.*wiki/m.test(stream.text), { timeoutMs: 5_000, what: "the event" });

    await daemon.stop();
    daemon = await start();
    const again = await openStream(daemon.url, lastIdIn(stream.text));
    await until(() => again.text.includes("event: status\n"), { timeoutMs: 5_000, what: "the status" });
    expect(again.text).toContain("event: missed\n");
    expect(Number(lastIdIn(again.text))).toBeGreaterThan(Number(lastIdIn(stream.text)));
    stream.stop();
    again.stop();
  });
});

test("the page is served with all that it loads", async () => {
  const page = await (await fetch(daemon.url)).text();
  const assets = [...page.matchAll(/(?:src|href)="\/?([^"]+)"/g)].map(([, path]) => path);
  expect(assets.length).toBeGreaterThan(1);
  for (const path of assets) expect([path, (await fetch(`${daemon.url}/${path}`)).status]).toEqual([path, 200]);
});

/** A schema by which fields that it does not know are refused. */
function closed(schema: object): object {
  return JSON.parse(JSON.stringify(schema), (_, value: unknown) => {
    const isObject = typeof value === "object" && value !== null && "properties" in value;
    return isObject && !("additionalProperties" in value) ? { ...value, additionalProperties: false } : value;
  });
}

describe("the OpenAPI document of a running portolan", () => {
  test.each([
    ...["/v1/status", "/v1/routes", "/v1/diagnostics", "/v1/holds", "/v1/history", "/v1/diff?to=2", "/v1/events"],
    ...["/v1/explain?about=web", "/v1/explain?about=broken", "/v1/legacy", "/v1/ports", "/v1/sd/prometheus"],
    "/v1/openapi.json",
  ])("says of %s what it answers, field by field", async (path) => {
    const document = (await (await fetch(`${daemon.url}/v1/openapi.json`)).json()) as object;
    const place = (path.split("?")[0] ?? "").replaceAll("/", "~1");
    const schema = `document#/paths/${place}/get/responses/200/content/application~1json/schema`;
    const answer = await fetch(`${daemon.url}${path}`);
    expect(answer.status, path).toBe(200);
    const ajv = new Ajv2020({ strict: false }).addSchema(closed(document), "document");
    expect(ajv.validate({ $ref: schema }, await answer.json()), JSON.stringify(ajv.errors)).toBe(true);
  });
});
