import { writeFile } from "node:fs/promises";
import { connect, createServer, type Server } from "node:net";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { CatalogServer } from "../../src/simulator/api/api-server.ts";
import { createNomadCatalog, type NomadCatalog } from "../../src/simulator/nomad/catalog.ts";
import { startNomadServer } from "../../src/simulator/nomad/server.ts";
import { until } from "../support/await-until.ts";
import { type PortolanProcess, runPortolan, startPortolan } from "../support/portolan-process.ts";
import { findTool } from "../support/real-binaries.ts";
import { nomadProvider, type RealTraefik, startRealTraefik } from "../support/real-traefik.ts";
import { createSite, type Site } from "./site.ts";

const traefikTool = await findTool("traefik");

let site: Site;
let catalog: NomadCatalog;
let server: CatalogServer;
beforeEach(async () => {
  site = await createSite();
  catalog = createNomadCatalog();
  server = await startNomadServer({ catalog });
});
afterEach(async () => {
  await server.close();
  await site.remove();
});

function register(name: string, port: number): void {
  const Tags = ["traefik.enable=true", `traefik.http.routers.${name}.rule=Host(\`${name}.test\`)`];
  catalog.register({ ServiceName: name, Port: port, Tags });
}

const outputs = () => ["--output", site.chart, "--state-dir", site.stateDir];

describe("portolan run on Nomad's services", () => {
  let portolan: PortolanProcess | undefined;
  let front: Server | undefined;
  afterEach(async () => {
    await portolan?.stop();
    portolan = undefined;
    front?.close();
    front = undefined;
  });

  const chartShows = async (port: number) => (await site.chartText()).includes(`http://127.0.0.1:${port}`);

  async function followsPorts(): Promise<void> {
    await until(() => chartShows(24_001), { timeoutMs: 10_000, what: "the first chart" });
    register("web", 25_002);
    await until(async () => (await chartShows(25_002)) && !(await chartShows(24_001)), {
      timeoutMs: 5_000,
      what: "the other port in the chart",
    });
  }

  test("a changed port is in the chart, and status and metrics name the source", async () => {
    register("web", 24_001);
    const env = { NOMAD_TOKEN: "the-token", NOMAD_REGION: "global", NOMAD_NAMESPACE: "default" };
    portolan = await startPortolan(["--nomad-addr", server.url, ...outputs()], env);
    await followsPorts();
    const status = await (await fetch(`${portolan.url}/v1/status`)).text();
    expect(status).toContain(`"Nomad at ${server.url}, region global, namespaces default"`);
    expect(JSON.parse(status)).toMatchObject({ sources: [{ eventStream: { state: "heard", open: 1, reopened: 0 } }] });
    expect(server.requests.last("/v1/event/stream")?.headers).toMatchObject({ "x-nomad-token": "the-token" });
    const metrics = await (await fetch(`${portolan.url}/metrics`)).text();
    expect(metrics).toContain('portolan_source_event_streams{source="nomad"} 1');
    expect(metrics).toMatch(/portolan_source_requests_total\{source="nomad",endpoint="\/v1\/service"\} \d/);
    expect(server.requests.last("/v1/services")?.headers).toMatchObject({ "x-nomad-token": "the-token" });
    expect(portolan.log()).not.toContain("the-token");
    expect(await portolan.stop()).toBe(0);
  });

  test("a task asks by the socket of its own agent, with the token beside it", async () => {
    register("web", 24_001);
    const socket = join(site.watched, "..", "api.sock");
    front = createServer((one) => {
      const upstream = connect(Number(new URL(server.url).port), "127.0.0.1");
      one.pipe(upstream).pipe(one);
      for (const end of [one, upstream]) end.on("error", () => end.destroy());
    });
    front.listen(socket);
    const tokenFile = join(site.watched, "..", "nomad_token");
    await writeFile(tokenFile, "the-identity\n");
    const settings = await site.settings(`nomad: { address: "unix://${socket}", tokenFile: ${tokenFile} }\n`);
    portolan = await startPortolan(["--settings", settings, ...outputs()]);
    await followsPorts();
    expect(server.requests.last("/v1/service/web")?.headers).toMatchObject({ "x-nomad-token": "the-identity" });
  });
});

test("once: what is fit is charted, by checks that are read for it, and what is not is not", async () => {
  const place = (name: string, ID: string, port: number, Status: "success" | "failure") => {
    catalog.placeAllocation({ ID, JobID: name, Ports: [{ Label: "http", Value: port }] });
    catalog.setCheck(ID, { Service: name, Status });
    const Tags = ["traefik.enable=true", `traefik.http.routers.${name}.rule=Host(\`${name}.test\`)`];
    catalog.register({
      ServiceName: name,
      ID: `_nomad-task-${ID}-group-app-${name}-http`,
      JobID: name,
      Port: port,
      Tags,
    });
  };
  place("fit", "94bf6945-71f5-4656-89a1-3ec35d408ad9", 24_001, "success");
  place("sick", "83cf3586-a036-4417-8eee-9aa66e430114", 24_002, "failure");
  const { code, stdout, stderr } = await runPortolan(["once", "--nomad-addr", server.url, ...outputs()]);
  expect(code, stderr).toBe(0);
  const chart = await site.chartText();
  expect(chart).toContain("127.0.0.1:24001");
  expect(chart).not.toContain("127.0.0.1:24002");
  expect(stdout + stderr).toContain("INSTANCE_UNFIT");
  // Nomad's registrations name their node by an id; people by its name.
  expect(stdout + stderr).toContain("on embedded (job sick");
  const { stdout: ports } = await runPortolan(["ports", "--nomad-addr", server.url]);
  expect(ports).toMatch(/^24001 +tcp +embedded /m);
  expect(stdout + stderr + ports).not.toContain("3f4fb4fa-7044");
});

test("Nomad and Consul at once: exit code 78, and nothing is written", async () => {
  const result = await runPortolan(["run", "--nomad-addr", server.url, "--consul-addr", server.url, ...outputs()]);
  expect(result.code).toBe(78);
  expect(result.stderr).toContain("keep one of --consul-addr and --nomad-addr");
  expect(await site.files()).toEqual([]);
});

describe.skipIf(traefikTool === undefined)("Traefik's own provider on the embedded catalog", () => {
  let traefik: RealTraefik;
  afterEach(() => traefik.stop());

  test("reads it as it reads Nomad: what is enabled is routed, what is hidden is not", async () => {
    register("web", 24_001);
    catalog.register({ ServiceName: "hidden", Port: 24_002 });
    traefik = await startRealTraefik(traefikTool!, { args: nomadProvider(server.url) });
    const rawData = async (): Promise<{ routers?: Record<string, unknown>; services?: Record<string, unknown> }> =>
      JSON.parse(await (await fetch(`${traefik.apiUrl}/api/rawdata`)).text());
    const data = await until(
      async () => {
        const found = await rawData();
        return found.routers?.["web@nomad"] === undefined ? undefined : found;
      },
      { timeoutMs: 10_000, what: "Traefik's router" },
    );
    expect(data.services?.["web@nomad"]).toMatchObject({
      loadBalancer: { servers: [{ url: "http://127.0.0.1:24001" }] },
    });
    expect(Object.keys(data.routers ?? {}).filter((name) => name.endsWith("@nomad"))).toEqual(["web@nomad"]);
    register("web", 25_002);
    await until(async () => JSON.stringify((await rawData()).services).includes("http://127.0.0.1:25002"), {
      timeoutMs: 10_000,
      what: "the other port in Traefik",
    });
    const asked = new URL(server.requests.last("/v1/service/web")?.url ?? "/", server.url).searchParams;
    expect(asked.get("filter")).toBe('Tags contains "traefik.enable=true"');
  });
});
