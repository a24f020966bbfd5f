import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { DiagnosticsAnswer } from "../../src/api/resources/diagnostics.ts";
import type { StatusAnswer } from "../../src/api/resources/status.ts";
import type { CatalogServer } from "../../src/simulator/api/api-server.ts";
import { answers403 } from "../../src/simulator/faults/faults.ts";
import { createNomadCatalog, type NomadCatalog } from "../../src/simulator/nomad/catalog.ts";
import { startNomadServer } from "../../src/simulator/nomad/server.ts";
import { endHere } from "../cli/in-process.ts";
import { until } from "../support/await-until.ts";
import { createCatalogClient } from "../support/catalog-client.ts";
import { type PortolanProcess, runPortolan, startPortolan } from "../support/portolan-process.ts";
import { findTool } from "../support/real-binaries.ts";
import { type RealConsul, startRealConsul } from "../support/real-consul.ts";
import { createSite, registerService, type Site } from "./site.ts";

const consulTool = await findTool("consul");

/** The main site: services in Consul, on ports that Nomad picked. */
describe.skipIf(consulTool === undefined)("a Nomad beside a real Consul", () => {
  let consul: RealConsul;
  let site: Site;
  let nomad: NomadCatalog;
  let nomadServer: CatalogServer;
  let settings: string;
  let portolan: PortolanProcess | undefined;

  beforeAll(async () => {
    consul = await startRealConsul(consulTool!);
    const catalog = createCatalogClient(consul.url);
    await registerService(catalog, "inside", 21_500);
    await registerService(catalog, "outside", 25_000);
  }, 60_000);
  afterAll(() => consul.stop());
  beforeEach(async () => {
    site = await createSite();
    nomad = createNomadCatalog();
    nomad.registerNode({ Name: "embedded", MinDynamicPort: 21_000, MaxDynamicPort: 22_000 });
    nomadServer = await startNomadServer({ catalog: nomad });
    settings = await site.settings(`schedulers: [{ address: "${nomadServer.url}" }]\n`);
  });
  afterEach(async () => {
    await portolan?.stop();
    portolan = undefined;
    await nomadServer.close();
    await site.remove();
  });

  const args = () => ["--settings", settings, "--consul-addr", consul.url];
  const start = async () => {
    portolan = await startPortolan([...args(), "--output", site.chart, "--state-dir", site.stateDir]);
    return portolan;
  };
  const charted = async () => {
    const text = await site.chartText().catch(() => "");
    return ["inside", "outside"].filter((name) => text.includes(`"${name}"`)).join();
  };
  const eventually = (what: string, condition: () => Promise<boolean> | boolean) =>
    until(condition, { what, timeoutMs: 15_000 });
  const status = async (running: PortolanProcess) => ({
    ...((await (await fetch(`${running.url}/v1/status`)).json()) as StatusAnswer),
    ...((await (await fetch(`${running.url}/v1/diagnostics`)).json()) as DiagnosticsAnswer),
  });

  test("its range decides from the first chart on: a port outside is refused and reported, a port inside is routed", async () => {
    const running = await start();
    await eventually("the chart", async () => (await charted()) === "inside");
    await eventually("the word", async () => (await status(running)).diagnostics.length > 0);
    const { dynamicPorts, diagnostics } = await status(running);
    expect(dynamicPorts).toEqual({ ports: "21000-22000", origin: `from Nomad at ${nomadServer.url}, 1 client` });
    expect(diagnostics).toMatchObject([{ code: "PORT_OUTSIDE_WINDOW", subject: { service: "outside" } }]);
    expect(diagnostics[0]?.message).toContain("outside the dynamic range 21000-22000");
    expect(running.events().find(({ event }) => event === "daemon.started")).toMatchObject({ dynamicPorts });
    const routes = running.events().filter(({ event }) => event === "route.added");
    expect(routes).toMatchObject([{ router: expect.stringContaining("inside") }]);
  });

  test("away at the start: the default counts and is reported; when it comes it is followed, and when it goes its range stays", async () => {
    await nomadServer.close();
    const running = await start();
    await eventually("the chart by the default", async () => (await charted()) === "inside,outside");
    expect((await status(running)).dynamicPorts).toEqual({
      ports: "20000-32000",
      origin: `Nomad's default until Nomad at ${nomadServer.url} reports its own`,
    });
    const untold = () => running.events().filter(({ event }) => event === "ports.untold");
    expect(untold()).toMatchObject([{ code: "E_CATALOG_UNREACHABLE", ports: "20000-32000", nomad: nomadServer.url }]);

    nomad.registerNode({ Name: "embedded", MinDynamicPort: 25_000, MaxDynamicPort: 33_000 });
    nomad.registerNode({ Name: "second", MinDynamicPort: 21_000, MaxDynamicPort: 22_000 });
    await nomadServer.reopen();
    await eventually("its range", async () => (await status(running)).dynamicPorts.ports === "21000-33000");
    expect((await status(running)).dynamicPorts.origin).toContain("2 clients that differ (21000-22000, 25000-33000)");
    expect(running.events().filter(({ event }) => event === "ports.range")).toMatchObject([{ ports: "21000-33000" }]);

    await nomadServer.close();
    running.kill("SIGHUP");
    await eventually("the word", () => untold().length === 2);
    expect((await status(running)).dynamicPorts).toMatchObject({
      ports: "21000-33000",
      origin: expect.stringContaining("as last reported"),
    });
    expect(await charted()).toBe("inside,outside");
  });

  test("a restart without it goes on with what Nomad last answered", async () => {
    const before = await start();
    await eventually("the chart", async () => (await charted()) === "inside");
    await before.stop();
    await nomadServer.close();
    const after = await start();
    expect((await status(after)).dynamicPorts).toEqual({
      ports: "21000-22000",
      origin: `from Nomad at ${nomadServer.url}, 1 client, as last reported`,
    });
    await eventually("the first pass", async () => (await status(after)).diagnostics.length > 0);
    expect(await charted()).toBe("inside");
  });

  test("a token without the right: reported with what it lacks, and without the token; another one is taken up", async () => {
    const tokenFile = join(site.watched, "..", "nomad-token");
    await writeFile(tokenFile, "t0ps3cret-token\n", { mode: 0o600 });
    settings = await site.settings(`schedulers: [{ address: "${nomadServer.url}", tokenFile: "${tokenFile}" }]\n`);
    nomadServer.faults.set("/v1/nodes", answers403("Permission denied"));
    const running = await start();
    expect(running.events().find(({ event }) => event === "ports.untold")).toMatchObject({
      level: "warn",
      code: "E_CATALOG_DENIED",
      msg: expect.stringContaining('node { policy = "read" }'),
    });
    expect(nomadServer.requests.last("/v1/nodes")?.headers).toMatchObject({ "x-nomad-token": "t0ps3cret-token" });
    expect(running.log()).not.toContain("t0ps3cret");
    await eventually("the chart by the default", async () => (await charted()) === "inside,outside");
    nomadServer.faults.clear();
    await eventually("its range", async () => (await status(running)).dynamicPorts.ports === "21000-22000");
  });

  test("a range in the settings wins on SIGHUP, and no Nomad is asked any more", async () => {
    const running = await start();
    await eventually("the chart", async () => (await charted()) === "inside");
    await site.settings('ports: { dynamic: "20000-32000" }\n');
    const asked = nomadServer.requests.count("/v1/nodes");
    running.kill("SIGHUP");
    await eventually("both routes", async () => (await charted()) === "inside,outside");
    expect((await status(running)).dynamicPorts).toEqual({ ports: "20000-32000", origin: "from the settings" });
    expect(nomadServer.requests.count("/v1/nodes")).toBe(asked);
  });

  test("commands that read once ask it, too, and say so", async () => {
    const line = `Dynamic ports: 21000-22000 (from Nomad at ${nomadServer.url}, 1 client)`;
    const ports = await endHere(["ports", ...args()]);
    expect(ports.code).toBe(0);
    expect(ports.stdout).toMatch(/^21500 .* inside +dynamic +Scheduled$/m);
    expect(ports.stdout).toMatch(/^25000 .* outside +high +Undeclared$/m);
    expect(ports.stdout).toContain(line);
    const question = await endHere(["ports", "ask", "21600", "--node", "node-1", ...args()]);
    expect(question.stdout).toContain("21600/tcp on node-1: free (dynamic port)");
    expect(question.stdout).toContain(line);
    const firewall = await endHere(["firewall", "--settings", settings]);
    expect(firewall.stdout).toMatch(/^accept +\* +21000-22000 +tcp\+udp /m);
    expect(firewall.stdout).toContain(line);
    const once = await runPortolan(["once", ...args(), "--output", site.chart, "--state-dir", site.stateDir]);
    expect(once.code).toBe(0);
    expect(await charted()).toBe("inside");
  });

  test("the ledger leaves out the ports that Nomad's clients reserve already", async () => {
    const ledger = join(site.watched, "..", "ledger.yml");
    await writeFile(ledger, "ports:\n  - { ports: 21160-21169, owner: tikv, exposure: never, purpose: stores }\n");
    settings = await site.settings(`ports: { ledger: "${ledger}" }\nschedulers: [{ address: "${nomadServer.url}" }]\n`);
    const untold = await endHere(["ledger", ...args()]);
    expect(untold.stdout).toContain('every node: client { reserved { reserved_ports = "21160-21169" } }');
    nomad.registerNode({ Name: "embedded", MinDynamicPort: 21_000, ReservedHostPorts: "22,21100-21200" });
    const reserved = JSON.parse((await endHere(["ledger", ...args(), "--format", "json"])).stdout);
    expect(reserved).toMatchObject({ reservedPorts: [], dynamicPorts: { ports: "21000-32000" } });
  });

  test.each(["ports", "ledger", "firewall"])(
    "%s ends with 69 where it does not tell, and says what helps",
    async (command) => {
      await nomadServer.close();
      const result = await endHere([command, "--settings", settings], { CONSUL_HTTP_ADDR: consul.url });
      expect(result).toMatchObject({ code: 69, stdout: "" });
      expect(result.stderr).toContain(`Nomad at ${nomadServer.url} does not say which ports are dynamic`);
      expect(result.stderr).toContain("ports.dynamic");
    },
  );
});

test("a catalog that is a Nomad is asked without a setting for it, and Nomads to ask are read by their old name", async () => {
  const site = await createSite();
  const catalog = createNomadCatalog();
  const tags = ["traefik.enable=true"];
  catalog.registerNode({ Name: "embedded", MinDynamicPort: 21_000, MaxDynamicPort: 22_000 });
  catalog.register({ ServiceName: "inside", Port: 21_500, Tags: tags });
  catalog.register({ ServiceName: "outside", Port: 25_000, Tags: tags });
  const server = await startNomadServer({ catalog });
  const outputs = ["--output", site.chart, "--state-dir", site.stateDir];
  try {
    expect(await runPortolan(["once", "--nomad-addr", server.url, ...outputs])).toMatchObject({ code: 0 });
    const text = await site.chartText();
    expect(text).toContain('"inside"');
    expect(text).not.toContain('"outside"');
    const old = await site.settings(`ports: { nomad: [{ address: "${server.url}" }] }\n`);
    expect(await runPortolan(["once", "--settings", old, "--nomad-addr", server.url, ...outputs])).toMatchObject({
      code: 0,
      stderr: expect.stringContaining("ports.nomad: is called schedulers now"),
    });
  } finally {
    await server.close();
    await site.remove();
  }
});
