import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createNomadCatalog } from "../../src/simulator/nomad/catalog.ts";
import { startNomadServer } from "../../src/simulator/nomad/server.ts";
import { startCatalogServer } from "../../src/simulator/server.ts";
import { createCatalog } from "../../src/simulator/state/catalog.ts";
import { until } from "../support/await-until.ts";
import { createCatalogClient } from "../support/catalog-client.ts";
import { type PortolanProcess, runPortolan, startPortolan } from "../support/portolan-process.ts";
import { findTool } from "../support/real-binaries.ts";
import { type RealConsul, startRealConsul } from "../support/real-consul.ts";
import { createSite, registerService, type Site } from "./site.ts";

const consulTool = await findTool("consul");

let site: Site;
beforeEach(async () => {
  site = await createSite();
});
afterEach(() => site.remove());

async function argsFor(settings: object): Promise<readonly string[]> {
  const path = await site.settings(JSON.stringify({ publish: { quiet: "10ms" }, ...settings }));
  return ["--settings", path, "--output", site.chart, "--state-dir", site.stateDir];
}

interface Chart {
  readonly http: Readonly<
    Record<"routers" | "services", Readonly<Record<string, { loadBalancer?: { servers: readonly { url: string }[] } }>>>
  >;
}

async function chart(): Promise<Chart["http"]> {
  const [, ...lines] = (await site.chartText()).split("\n");
  return (JSON.parse(lines.join("\n")) as Chart).http;
}

async function routers(): Promise<readonly string[]> {
  return Object.keys((await chart()).routers);
}

async function urlsOf(service: string): Promise<readonly string[]> {
  return ((await chart()).services[service]?.loadBalancer?.servers ?? []).map(({ url }) => url);
}

const soon = { timeoutMs: 10_000 };

describe.skipIf(consulTool === undefined)("two real Consuls in one chart", () => {
  let dc1: RealConsul;
  let dc2: RealConsul;
  let portolan: PortolanProcess;

  beforeEach(async () => {
    [dc1, dc2] = await Promise.all([startRealConsul(consulTool!), startRealConsul(consulTool!)]);
  });
  afterEach(async () => {
    portolan.kill("SIGKILL");
    await portolan.ended();
    await Promise.all([dc1.stop(), dc2.stop()]);
  });

  const catalogs = () => [
    { name: "dc1", consul: { address: dc1.url } },
    { name: "dc2", consul: { address: dc2.url } },
  ];
  const args = () => argsFor({ catalogs: catalogs() });
  const has = (name: string) => async () => (await routers()).includes(name);
  const readiness = async () => {
    const response = await fetch(`${portolan.url}/readyz`);
    return { status: response.status, text: await response.text() };
  };

  test("one is killed: its routes stay, the other's news go through, also over a restart", async () => {
    const [one, two] = [createCatalogClient(dc1.url), createCatalogClient(dc2.url)];
    await registerService(one, "web", 24_001);
    await registerService(two, "web", 24_002);
    await registerService(two, "wiki", 24_003);
    portolan = await startPortolan(await args());
    await until(has("wiki"), { ...soon, what: "the first chart" });
    expect(await urlsOf("web")).toEqual(["http://127.0.0.1:24001", "http://127.0.0.1:24002"]);
    await until(async () => (await readiness()).status === 200, { ...soon, what: "the pass that wrote it to end" });
    expect(await readiness()).toEqual({ status: 200, text: "ready\n" });

    await dc2.kill("SIGKILL");
    await until(() => portolan.log().includes("source.failing"), { ...soon, what: "the outage in the log" });
    await registerService(one, "api", 24_004);
    await until(has("api"), { ...soon, what: "the other's news" });
    expect(await routers()).toEqual(["api", "web", "wiki"]);
    const failing = portolan.events().find(({ event }) => event === "source.failing");
    expect(failing).toMatchObject({ catalog: "dc2", msg: expect.stringMatching(/^catalog dc2: /) });

    expect(await portolan.stop()).toBe(0);
    portolan = await startPortolan(await args());
    await registerService(one, "late", 24_005);
    await until(has("late"), { ...soon, what: "the other's news after the restart" });
    expect(await routers()).toEqual(["api", "late", "web", "wiki"]);
    expect(await urlsOf("web")).toEqual(["http://127.0.0.1:24001", "http://127.0.0.1:24002"]);
    expect(portolan.events()).toContainEqual(expect.objectContaining({ event: "source.stored", catalog: "dc2" }));
    await until(async () => (await readiness()).status === 200, { ...soon, what: "one of them to be read" });
    expect(await readiness()).toEqual({
      status: 200,
      text: expect.stringMatching(/^ready\ncatalog dc2 has not been read completely yet/),
    });
    const status = (await (await fetch(`${portolan.url}/v1/status`)).json()) as object;
    expect(status).toMatchObject({ ready: true, sources: [{ name: "dc1" }, { name: "dc2", ageSeconds: null }] });
    const metrics = await (await fetch(`${portolan.url}/metrics`)).text();
    const errors = metrics.split("\n").filter((line) => line.startsWith("portolan_source_errors_total{"));
    expect(errors).not.toEqual([]);
    expect(errors.filter((line) => !line.includes('source="dc2"'))).toEqual([]);
  });

  test("one comes back empty: it is held for its reset, the other is not", async () => {
    const [one, two] = [createCatalogClient(dc1.url), createCatalogClient(dc2.url)];
    for (const name of ["a", "b", "c"]) await registerService(one, name, 24_001);
    for (const name of ["x", "y"]) await registerService(two, name, 24_002);
    portolan = await startPortolan(await args());
    await until(async () => (await routers()).length === 5, { ...soon, what: "the first chart" });

    await dc2.restart();
    const held = () => portolan.events().filter(({ event }) => event === "chart.held");
    const heldLast = () => held().at(-1)?.["routers"];
    await until(() => Array.isArray(heldLast()) && new Set(heldLast() as string[]).size === 2, {
      timeoutMs: 20_000,
      what: "the hold of both",
    });
    await one.deregister({ Node: "node-1", ServiceID: "a" });
    await until(async () => (await urlsOf("a")).length === 0, { ...soon, what: "the other's removal" });
    expect(await urlsOf("x")).toEqual(["http://127.0.0.1:24002"]);
    expect(new Set(held().map(({ catalog }) => catalog))).toEqual(new Set(["dc2"]));
  });
});

describe("Consul and Nomad in one chart", () => {
  test("once charts both, each under names of its own", async () => {
    const consul = createCatalog();
    const nomad = createNomadCatalog();
    const [consulServer, nomadServer] = await Promise.all([
      startCatalogServer({ catalog: consul }),
      startNomadServer({ catalog: nomad }),
    ]);
    try {
      const Tags = ["traefik.enable=true"];
      const Service = { ID: "web", Service: "web", Port: 24_001, Tags };
      consul.register({ Node: "node-1", Address: "127.0.0.1", Service });
      // A host of its own: whose host it is does not depend on names.
      const jobTags = [...Tags, "traefik.http.routers.web.rule=Host(`jobs`)"];
      nomad.register({ ServiceName: "web", Port: 24_002, Tags: jobTags });
      const args = await argsFor({
        equalNames: "prefix",
        catalogs: [
          { name: "lab", consul: { address: consulServer.url } },
          { name: "jobs", nomad: { address: nomadServer.url } },
        ],
      });
      expect(await runPortolan(["once", ...args], { CONSUL_HTTP_ADDR: "nowhere:1" })).toMatchObject({ code: 0 });
      expect(await routers()).toEqual(["jobs_web", "lab_web"]);
      expect(await urlsOf("jobs_web")).toEqual(["http://127.0.0.1:24002"]);
    } finally {
      await Promise.all([consulServer.close(), nomadServer.close()]);
    }
  });
});
