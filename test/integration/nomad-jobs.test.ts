import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { RoutesAnswer } from "../../src/api/resources/routes.ts";
import type { CatalogServer } from "../../src/simulator/api/api-server.ts";
import { createNomadCatalog, type NomadCatalog } from "../../src/simulator/nomad/catalog.ts";
import { startNomadServer } from "../../src/simulator/nomad/server.ts";
import { startCatalogServer } from "../../src/simulator/server.ts";
import { createCatalog } from "../../src/simulator/state/catalog.ts";
import { until } from "../support/await-until.ts";
import { type CatalogClient, createCatalogClient } from "../support/catalog-client.ts";
import { type PortolanProcess, startPortolan } from "../support/portolan-process.ts";
import { createSite, type Site } from "./site.ts";

const FE = "94bf6945-71f5-4656-89a1-3ec35d408ad9";
const API = "83cf3586-a036-4417-8eee-9aa66e430114";
const NEXT = "c5e98d3f-1bc8-2bd9-71db-b0c59ae482a5";

let consul: CatalogServer;
let nomadServer: CatalogServer;
let nomad: NomadCatalog;
let catalog: CatalogClient;
let site: Site;
let portolan: PortolanProcess | undefined;

beforeEach(async () => {
  consul = await startCatalogServer({ catalog: createCatalog() });
  catalog = createCatalogClient(consul.url);
  nomad = createNomadCatalog();
  nomadServer = await startNomadServer({ catalog: nomad });
  site = await createSite();
});
afterEach(async () => {
  await portolan?.stop();
  portolan = undefined;
  await Promise.all([consul.close(), nomadServer.close()]);
  await site.remove();
});

/** Registers in Consul what Nomad's client would for a group of a job, and places the allocation. */
async function run(
  allocation: string,
  service: string,
  port: number,
  rule: string,
  { job = "shop", canary }: { readonly job?: string; readonly canary?: boolean } = {},
): Promise<void> {
  place(allocation, port, job, canary);
  const ID = `_nomad-task-${allocation}-group-web-${service}-http`;
  await catalog.register({
    Node: "embedded",
    Address: "127.0.0.1",
    Service: {
      ID,
      Service: service,
      Port: port,
      Tags: ["traefik.enable=true", `traefik.http.routers.${service}.rule=${rule}`],
    },
    Check: { CheckID: `check-${ID}`, Name: "it answers", Status: "passing", ServiceID: ID },
  });
}

function place(ID: string, port: number, JobID: string, canary?: boolean): void {
  const DeploymentStatus = canary === undefined ? null : { Canary: canary, Healthy: true };
  nomad.placeAllocation({ ID, JobID, DeploymentStatus, Ports: [{ Label: "http", Value: port }] });
}

async function start(more = ""): Promise<PortolanProcess> {
  const settings = await site.settings(`schedulers: [{ address: "${nomadServer.url}"${more} }]\n`);
  const args = ["--settings", settings, "--consul-addr", consul.url, "--output", site.chart];
  portolan = await startPortolan([...args, "--state-dir", site.stateDir]);
  return portolan;
}

const FRONT = "Host(`shop.test`)";
const BEHIND = "Host(`shop.test`) && PathPrefix(`/api`)";

async function routers(): Promise<string> {
  const text = await site.chartText().catch(() => "");
  return ["shop-fe", "shop-api", "wiki"].filter((name) => text.includes(`"${name}": {"rule"`)).join();
}

const eventually = (what: string, condition: () => Promise<boolean> | boolean) =>
  until(condition, { what, timeoutMs: 15_000 });
const chartIs = (expected: string) => eventually(`the chart ${expected}`, async () => (await routers()) === expected);

describe("two groups of one job share their host by the word of Nomad", () => {
  beforeEach(async () => {
    await run(FE, "shop-fe", 24_001, FRONT);
    await run(API, "shop-api", 24_002, BEHIND);
  });

  test("from the first chart on, each allocation asked for once, and while Nomad is away, over a restart, too", async () => {
    const before = await start();
    await chartIs("shop-fe,shop-api");
    const told = before.events().filter(({ event }) => event === "diagnostic.found" || event === "allocations.untold");
    expect(told).toEqual([]);
    expect(nomadServer.requests.count("/v1/allocations")).toBe(0);
    expect(nomadServer.requests.count("/v1/allocation/*")).toBe(2);
    await nomadServer.close();
    await run("11111111-71f5-4656-89a1-3ec35d408ad9", "wiki", 24_003, "Host(`wiki.test`)", { job: "wiki" });
    await chartIs("shop-fe,shop-api,wiki");
    await eventually("the word", () => before.events().some(({ event }) => event === "allocations.untold"));
    await before.stop();
    // All that is left is what was known.
    await rm(site.chart);
    const after = await start();
    await chartIs("shop-fe,shop-api,wiki");
    const untold = () => after.events().filter(({ event }) => event === "allocations.untold");
    await eventually("the word again", () => untold().length > 0);
    expect(untold()).toHaveLength(1);
  });

  test("not while its token has no read-job, which is said once; once it has, they do", async () => {
    const tokenFile = join(site.watched, "..", "nomad-token");
    await writeFile(tokenFile, "t0ps3cret\n", { mode: 0o600 });
    nomad.setTokens(new Map([["t0ps3cret", { readNodes: true }]]));
    const running = await start(`, tokenFile: "${tokenFile}"`);
    await chartIs("shop-fe");
    await eventually("the word", () => running.events().some(({ event }) => event === "allocations.untold"));
    expect(running.events().filter(({ event }) => event === "allocations.untold")).toMatchObject([
      { code: "E_CATALOG_DENIED", msg: expect.stringContaining('namespace "*" { capabilities = ["read-job"] }') },
    ]);
    await eventually("the diagnostic", () =>
      running.log().includes("so that the id counts for nothing yet; see allocations.untold in the log"),
    );
    nomad.setTokens(new Map([["t0ps3cret", { readNodes: true, readJob: ["default"] }]]));
    await chartIs("shop-fe,shop-api");
    expect(running.events().filter(({ event }) => event === "allocations.told")).toHaveLength(1);
    expect(running.log()).not.toContain("t0ps3cret");
  });
});

test("a canary by the word of Nomad takes nothing over until it is promoted", async () => {
  await run(FE, "shop-fe", 24_001, FRONT, { canary: false });
  await start();
  await chartIs("shop-fe");
  await run(NEXT, "shop-fe", 24_002, "Host(`next.test`)", { canary: true });
  await run(API, "wiki", 24_003, "Host(`wiki.test`)", { job: "wiki" });
  await chartIs("shop-fe,wiki");
  const text = await site.chartText();
  expect(text).toContain("shop.test");
  expect(text).not.toContain("next.test");
  place(NEXT, 24_002, "shop", false);
  await eventually("the promotion", async () => (await site.chartText()).includes("next.test"));
  expect(await site.chartText()).toContain("127.0.0.1:24002");
});

test("a canary of a service that is registered in Nomad itself, the same", async () => {
  const register = (AllocID: string, Port: number, host: string) => {
    const ID = `_nomad-task-${AllocID}-group-web-shop-fe-http`;
    const Tags = ["traefik.enable=true", `traefik.http.routers.shop-fe.rule=Host(\`${host}\`)`];
    nomad.register({ ID, AllocID, ServiceName: "shop-fe", JobID: "shop", Port, Tags });
  };
  place(FE, 24_001, "shop", false);
  register(FE, 24_001, "shop.test");
  place(NEXT, 24_002, "shop", true);
  register(NEXT, 24_002, "next.test");
  portolan = await startPortolan([
    ...["--nomad-addr", nomadServer.url, "--output", site.chart, "--state-dir", site.stateDir],
  ]);
  await chartIs("shop-fe");
  expect(await site.chartText()).not.toContain("next.test");
  place(NEXT, 24_002, "shop", false);
  await eventually("the promotion", async () => (await site.chartText()).includes("next.test"));
});

test("log and status name job, group and allocation by the word of Nomad, and what only an id says as that", async () => {
  const forged = "22222222-71f5-4656-89a1-3ec35d408ad9";
  await run(FE, "shop-fe", 24_001, FRONT);
  await catalog.register({
    Node: "embedded",
    Address: "127.0.0.1",
    Service: {
      ID: `_nomad-task-${forged}-group-bank-wiki-http`,
      Service: "wiki",
      Port: 24_003,
      Tags: ["traefik.enable=true", "traefik.http.routers.wiki.rule=Host(`wiki.test`)"],
    },
  });
  const links = "links: { consul: https://consul.test/, nomad: https://nomad.test }";
  const settings = await site.settings(`schedulers: [{ address: "${nomadServer.url}" }]\n${links}\n`);
  const args = ["--settings", settings, "--consul-addr", consul.url, "--output", site.chart];
  portolan = await startPortolan([...args, "--state-dir", site.stateDir]);
  const came = (router: string) =>
    portolan?.events().find(({ event, router: name }) => event === "route.added" && name === router);
  await eventually("both routes", () => came("shop-fe") !== undefined && came("wiki") !== undefined);
  expect(came("shop-fe")?.["msg"]).toMatch(/on embedded \(job shop, group \S+, alloc 94bf6945\) \[1 server\]/);
  expect(came("wiki")?.["msg"]).toContain("on embedded (id says group bank, alloc 22222222) [1 server]");
  const { routes } = (await (await fetch(`${portolan.url}/v1/routes`)).json()) as RoutesAnswer;
  const route = (name: string) => routes.find(({ router }) => router === name);
  expect(route("shop-fe")).toMatchObject({
    instances: [
      {
        ...{ server: "http://127.0.0.1:24001", node: "embedded", job: "shop", allocation: "94bf6945", toldBy: "nomad" },
        links: {
          consul: `https://consul.test/ui/dc1/services/shop-fe/instances/embedded/_nomad-task-${FE}-group-web-shop-fe-http`,
          nomad: `https://nomad.test/ui/allocations/${FE}`,
        },
      },
    ],
  });
  expect(route("wiki")).toMatchObject({ instances: [{ group: "bank", allocation: "22222222", toldBy: "id" }] });
});
