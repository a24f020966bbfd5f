import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { until } from "../support/await-until.ts";
import { createCatalogClient } from "../support/catalog-client.ts";
import { type PortolanProcess, startPortolan } from "../support/portolan-process.ts";
import { findTool } from "../support/real-binaries.ts";
import { type RealConsul, startRealConsul } from "../support/real-consul.ts";
import { fileProvider, type RealTraefik, startRealTraefik } from "../support/real-traefik.ts";
import { ask, createSite, errorsAboutUs, type Site } from "./site.ts";

const consulTool = await findTool("consul");
const traefikTool = await findTool("traefik");

const HASH = "$apr1$H6uskkkW$IgXLP6ewTrSuBkTrqE8wj/";
const LOCK = `http:
  middlewares: { lock: { basicAuth: { users: ["test:${HASH}"] } } }
  routers: { alias: { rule: Host(\`alias.test\`), service: web } }
`;

describe.skipIf(consulTool === undefined || traefikTool === undefined)("snippets on real Consul and Traefik", () => {
  let site: Site;
  let snippets: string;
  let consul: RealConsul;
  let traefik: RealTraefik;
  let portolan: PortolanProcess;

  beforeEach(async () => {
    site = await createSite();
    snippets = join(site.stateDir, "..", "snippets");
    await mkdir(snippets);
    consul = await startRealConsul(consulTool!);
    traefik = await startRealTraefik(traefikTool!, { args: fileProvider(site.watched), directories: [site.watched] });
    await createCatalogClient(consul.url).register({
      Node: "node-1",
      Address: "127.0.0.1",
      Service: {
        ID: "web",
        Service: "web",
        Port: site.backendPort,
        Tags: [
          "traefik.enable=true",
          "traefik.http.routers.web.rule=Host(`web.test`)",
          "traefik.http.routers.web.middlewares=lock",
        ],
      },
    });
  });
  afterEach(async () => {
    portolan.kill("SIGKILL");
    await portolan.ended();
    await traefik.stop();
    await consul.stop();
    await site.remove();
  });

  const start = async () => {
    const args = ["--consul-addr", consul.url, "--output", site.chart, "--state-dir", site.stateDir];
    const settings = await site.settings(`snippets: ${JSON.stringify(snippets)}`);
    portolan = await startPortolan([...args, "--settings", settings]);
  };
  const write = (text: string) => writeFile(join(snippets, "lock.yml"), text);
  const answers = (host: string, status: number) =>
    until(async () => (await ask(traefik.url, host)).status === status, {
      timeoutMs: 10_000,
      what: `${host} to answer ${status}`,
    });
  const refusal = () =>
    until(() => portolan.log().includes("SNIPPET_REFUSED"), { timeoutMs: 5_000, what: "portolan to complain" });

  test("a middleware from a file counts, survives a mistake in the file and a restart, and its user answers 503 and its router goes when it goes", async () => {
    await write(LOCK);
    await start();
    await answers("web.test", 401);
    await answers("alias.test", 200);

    await write(LOCK.replace("users", "usrs"));
    await refusal();
    const before = await site.chartText();
    await portolan.stop();
    await start();
    await refusal();
    expect(await site.chartText()).toBe(before);
    expect((await ask(traefik.url, "web.test")).status).toBe(401);
    expect(portolan.log() + (await (await fetch(`${portolan.url}/v1/diagnostics`)).text())).not.toContain("apr1");

    await rm(join(snippets, "lock.yml"));
    // Closed, and never served without it.
    await answers("web.test", 503);
    await answers("alias.test", 404);
    expect(errorsAboutUs(traefik.logLines())).toEqual([]);
  });
});
