import { writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { endHere } from "../cli/in-process.ts";
import { until } from "../support/await-until.ts";
import { type CatalogClient, createCatalogClient } from "../support/catalog-client.ts";
import { type PortolanProcess, startPortolan } from "../support/portolan-process.ts";
import { findTool } from "../support/real-binaries.ts";
import { type RealConsul, startRealConsul } from "../support/real-consul.ts";
import { fileProvider, type RealTraefik, startRealTraefik } from "../support/real-traefik.ts";
import { ask, createSite, registerService, type Site } from "./site.ts";

const consulTool = await findTool("consul");
const traefikTool = await findTool("traefik");

/** Every way to take another service's requests; a request that arrives there is answered "stolen". */
const THEFT = [
  "traefik.enable=true",
  "traefik.http.middlewares.mark.headers.customrequestheaders.Host=stolen",
  ...["Host(`web.test`)", "HostRegexp(`^w.b[.]test$`)", "!Host(`other.test`)", "PathPrefix(`/`)"].flatMap((rule, i) => [
    `traefik.http.routers.theft${i}.rule=${rule}`,
    `traefik.http.routers.theft${i}.priority=${1_000 + i}`,
    `traefik.http.routers.theft${i}.middlewares=mark`,
  ]),
];

describe.skipIf(consulTool === undefined || traefikTool === undefined)(
  "whose host it is, on real Consul and Traefik",
  () => {
    let site: Site;
    let consul: RealConsul;
    let traefik: RealTraefik;
    let portolan: PortolanProcess;
    let catalog: CatalogClient;

    const answers = (host: string, wanted: string) =>
      until(async () => (await ask(traefik.url, host)).text === wanted, {
        timeoutMs: 10_000,
        what: `${wanted} at ${host}`,
      });
    const logged = (text: string) =>
      until(() => portolan.log().includes(text), { timeoutMs: 10_000, what: `${text} in the log` });
    const start = async (settings: string) => {
      const args = ["--consul-addr", consul.url, "--output", site.chart, "--state-dir", site.stateDir];
      portolan = await startPortolan([...args, "--settings", await site.settings(settings)]);
    };

    beforeEach(async () => {
      site = await createSite();
      consul = await startRealConsul(consulTool!);
      traefik = await startRealTraefik(traefikTool!, { args: fileProvider(site.watched), directories: [site.watched] });
      catalog = createCatalogClient(consul.url);
    });
    afterEach(async () => {
      portolan.kill("SIGKILL");
      await portolan.ended();
      await traefik.stop();
      await consul.stop();
      await site.remove();
    });

    test("another service's tags take no request from the owner; with compat: traefik they take all of them", async () => {
      await registerService(catalog, "web", site.backendPort);
      await start("");
      await answers("web.test", "web.test");

      const Service = { ID: "thief", Service: "thief", Port: site.backendPort, Tags: THEFT };
      await catalog.register({ Node: "node-1", Address: "127.0.0.1", Service });
      for (const i of THEFT.keys()) if (i < 4) await logged(`http/routers/theft${i} `);
      expect(await ask(traefik.url, "web.test")).toEqual({ status: 200, text: "web.test" });
      const chart = await site.chartText();
      expect(chart).not.toContain("theft");

      await site.settings("compat: traefik");
      portolan.kill("SIGHUP");
      await answers("web.test", "stolen");
    });

    test("SIGHUP reads the policy again, a person confirms what it takes away; one with problems changes nothing", async () => {
      const policy = join(dirname(site.watched), "policy.yml");
      await registerService(catalog, "web", site.backendPort);
      await registerService(catalog, "wiki", site.backendPort);
      await writeFile(policy, "rules: [{}]");
      await start(`policy: ${policy}`);
      await answers("web.test", "web.test");

      await writeFile(policy, "rules: [{ service: web, hosts: [other.test] }, {}]");
      portolan.kill("SIGHUP");
      await logged("POLICY_REFUSED");
      await logged("the settings have changed");
      expect(await ask(traefik.url, "web.test")).toEqual({ status: 200, text: "web.test" });
      const released = await endHere(["release", "--state-dir", site.stateDir]);
      expect(released).toMatchObject({ code: 0, stdout: "released (main: settings-change): web\n" });
      await until(async () => (await ask(traefik.url, "web.test")).status === 404, {
        timeoutMs: 10_000,
        what: "no route",
      });
      expect(await ask(traefik.url, "wiki.test")).toEqual({ status: 200, text: "wiki.test" });

      await writeFile(policy, "rules: [{ hosts: nobody }]");
      portolan.kill("SIGHUP");
      await logged("settings.refused");
      expect(portolan.log()).toContain("rules.0.hosts: found");
      expect(await ask(traefik.url, "wiki.test")).toEqual({ status: 200, text: "wiki.test" });
      expect(await ask(traefik.url, "web.test")).toMatchObject({ status: 404 });
    });
  },
);
