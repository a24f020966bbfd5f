import { writeFile } from "node:fs/promises";
import { createServer, request, type Server } from "node:http";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type CatalogServer, startCatalogServer } from "../../src/simulator/server.ts";
import { createCatalog } from "../../src/simulator/state/catalog.ts";
import { endHere } from "../cli/in-process.ts";
import { until } from "../support/await-until.ts";
import { type PortolanProcess, startPortolan } from "../support/portolan-process.ts";
import { findTool } from "../support/real-binaries.ts";
import { fileProvider, type RealTraefik, startRealTraefik } from "../support/real-traefik.ts";
import { ask, createSite, errorsAboutUs, type Site } from "./site.ts";

const traefikTool = await findTool("traefik");

const soon = { timeoutMs: 10_000 };

describe.skipIf(traefikTool === undefined)("portolan's own tags before a real Traefik", () => {
  const catalog = createCatalog();
  let site: Site;
  let server: CatalogServer;
  let traefik: RealTraefik;
  let portolan: PortolanProcess;
  let backends: Server[];

  beforeEach(async () => {
    [site, backends] = [await createSite(), []];
    catalog.wipe();
    // The app is never the last of all routes, which would be held.
    catalog.register({
      ...{ Node: "node-1", Address: "127.0.0.1" },
      Service: { ID: "wiki", Service: "wiki", Port: site.backendPort, Tags: ["traefik.enable=true"] },
    });
    server = await startCatalogServer({ catalog });
    traefik = await startRealTraefik(traefikTool!, {
      args: fileProvider(site.watched),
      directories: [site.watched],
    });
  });
  afterEach(async () => {
    portolan.kill("SIGKILL");
    await portolan.ended();
    await traefik.stop();
    await server.close();
    for (const backend of backends) {
      backend.closeAllConnections();
      backend.close();
    }
    await site.remove();
  });

  async function start(settings: object = {}): Promise<void> {
    const path = await site.settings(JSON.stringify({ publish: { quiet: "10ms" }, ...settings }));
    portolan = await startPortolan([
      ...["--settings", path, "--consul-addr", server.url],
      ...["--output", site.chart, "--state-dir", site.stateDir],
    ]);
  }

  /** Registers an instance of `app`, whose backend answers with the instance's id. */
  async function register(id: string, tags: readonly string[]): Promise<void> {
    const { backend, port } = await answering(id);
    backends.push(backend);
    catalog.register({
      ...{ Node: "node-1", Address: "127.0.0.1" },
      Service: { ID: id, Service: "app", Port: port, Tags: ["traefik.enable=true", ...tags] },
      Check: { CheckID: id, Name: `${id} answers`, Status: "passing", ServiceID: id },
    });
  }

  const answer = async () => {
    const { status, text } = await ask(traefik.url, "app");
    return status === 200 ? text : String(status);
  };
  const isAnsweredBy = (expected: string) =>
    until(async () => (await answer()) === expected, { ...soon, what: `an answer of ${expected}` });

  test("an instance on standby answers while the active one is away, and no longer", async () => {
    await register("primary", []);
    await register("replica", ["portolan.standby=true"]);
    await start();
    await isAnsweredBy("primary");
    const answers = new Set<string>();
    for (let i = 0; i < 10; i += 1) answers.add(await answer());
    expect([...answers]).toEqual(["primary"]);
    catalog.setCheck("node-1", "primary", "critical");
    await isAnsweredBy("replica");
    expect(portolan.log()).toContain("taken from standby, since no active instance of its service is healthy");
    catalog.setCheck("node-1", "primary", "passing");
    await isAnsweredBy("primary");
    expect(portolan.log()).toContain("on standby, since an active instance of its service is healthy");
    catalog.setCheck("node-1", "primary", "critical");
    catalog.setCheck("node-1", "replica", "critical");
    await isAnsweredBy("503");
    expect(errorsAboutUs(traefik.logLines())).toEqual([]);
  });

  test("a canary has its share, visitors with a cookie stay where they are, and its end ends it", async () => {
    const sticky = "traefik.http.services.app.loadbalancer.sticky.cookie=true";
    await register("stable", [sticky]);
    await start();
    await isAnsweredBy("stable");
    const cookie = (await cookiesOf(traefik.url)).find((one) => one.startsWith("_"));
    await register("canary", [sticky, "traefik.consulcatalog.canary=true", "portolan.canary.weight=20"]);
    const isSplit = async () => (await cookiesOf(traefik.url)).length === 2;
    await until(isSplit, { ...soon, what: "the weighted service" });
    const answers: string[] = [];
    for (let i = 0; i < 50; i += 1) answers.push(await answer());
    expect(answers.filter((one) => one === "canary").length).toBeGreaterThanOrEqual(9);
    expect(answers.filter((one) => one === "canary").length).toBeLessThanOrEqual(11);
    expect(new Set(answers)).toEqual(new Set(["stable", "canary"]));
    // The load balancer's own cookie is the one that Traefik gave before there was a canary.
    expect((await cookiesOf(traefik.url)).map(nameOf)).toEqual([nameOf(cookie), `${nameOf(cookie)}_canary`]);
    const jar = (await cookiesOf(traefik.url)).map((one) => one.split(";")[0]).join("; ");
    const visited = new Set<string>();
    for (let i = 0; i < 20; i += 1) visited.add((await askWith(traefik.url, jar)).text);
    expect(visited.size).toBe(1);
    catalog.deregister({ Node: "node-1", ServiceID: "canary" });
    await until(async () => (await cookiesOf(traefik.url)).length === 1, {
      ...soon,
      what: "the weighted service to end",
    });
    expect(nameOf((await cookiesOf(traefik.url))[0])).toBe(nameOf(cookie));
    expect((await askWith(traefik.url, cookie?.split(";")[0] ?? "")).text).toBe("stable");
    expect(errorsAboutUs(traefik.logLines())).toEqual([]);
  });

  test("a service that sleeps is answered by the operator's page, over a restart too, until it is back or an operator ends it", async () => {
    const { backend, port } = await answering("waking it up");
    backends.push(backend);
    const settings = { routes: { zeroInstanceGrace: "1s", sleeping: "wake@file" } };
    const page = { http: { services: { wake: { loadBalancer: { servers: [{ url: `http://127.0.0.1:${port}` }] } } } } };
    await writeFile(join(site.watched, "wake.yml"), JSON.stringify(page));
    await register("app-1", ["portolan.keep=true"]);
    await start(settings);
    await isAnsweredBy("app-1");
    catalog.deregister({ Node: "node-1", ServiceID: "app-1" });
    await isAnsweredBy("waking it up");
    expect(portolan.log()).toContain("service wake@file answers until an instance is back");
    expect(await portolan.stop()).toBe(0);
    await start(settings);
    // News of another service: the pass that publishes it has judged the app, whose grace is over by then.
    catalog.register({
      ...{ Node: "node-1", Address: "127.0.0.1" },
      Service: { ID: "late", Service: "late", Port: site.backendPort, Tags: ["traefik.enable=true"] },
    });
    await until(async () => (await ask(traefik.url, "late")).status === 200, {
      ...soon,
      what: "news after the restart",
    });
    expect(await answer()).toBe("waking it up");
    await register("app-2", ["portolan.keep=true"]);
    await isAnsweredBy("app-2");
    catalog.deregister({ Node: "node-1", ServiceID: "app-2" });
    await isAnsweredBy("waking it up");
    const released = await endHere(["release", "--kept", "--state-dir", site.stateDir]);
    expect(released).toMatchObject({ code: 0, stdout: "released (main: kept): app\n" });
    await isAnsweredBy("404");
    expect(errorsAboutUs(traefik.logLines())).toEqual([]);
  });
});

async function cookiesOf(traefikUrl: string): Promise<readonly string[]> {
  return [...(await askWith(traefikUrl, "")).cookies].sort();
}

function nameOf(cookie: string | undefined): string | undefined {
  return cookie?.split("=")[0];
}

/** What the app answers to a visitor with these cookies, and those that it sets. */
function askWith(
  traefikUrl: string,
  cookie: string,
): Promise<{ readonly text: string; readonly cookies: readonly string[] }> {
  return new Promise((resolve, reject) => {
    const headers = { host: "app", ...(cookie === "" ? {} : { cookie }) };
    const outgoing = request(traefikUrl, { headers, agent: false }, (response) => {
      let text = "";
      response.on("data", (part: Buffer) => {
        text += part.toString();
      });
      response.on("end", () => resolve({ text, cookies: response.headers["set-cookie"] ?? [] }));
    });
    outgoing.on("error", reject);
    outgoing.end();
  });
}

async function answering(text: string): Promise<{ readonly backend: Server; readonly port: number }> {
  for (let port = 29_100; port < 29_300; port += 1) {
    const backend = createServer((_, response) => response.end(text));
    const isListening = await new Promise<boolean>((resolve) => {
      backend.once("error", () => resolve(false));
      backend.listen(port, "127.0.0.1", () => resolve(true));
    });
    if (isListening) return { backend, port };
  }
  throw new Error("no free port between 29100 and 29299 for a backend");
}
