import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { until } from "../support/await-until.ts";
import { createCatalogClient } from "../support/catalog-client.ts";
import { type PortolanProcess, startPortolan } from "../support/portolan-process.ts";
import { findTool } from "../support/real-binaries.ts";
import { type RealConsul, startRealConsul } from "../support/real-consul.ts";
import { fileProvider, type RealTraefik, startRealTraefik } from "../support/real-traefik.ts";
import { ask, createSite, errorsAboutUs, registerService, type Site, setStatus } from "./site.ts";

const consulTool = await findTool("consul");
const traefikTool = await findTool("traefik");

const NAMES = Array.from({ length: 100 }, (_, number) => `service-${number + 1}`);

describe.skipIf(consulTool === undefined || traefikTool === undefined)(
  "portolan run on real Consul and Traefik",
  () => {
    let site: Site;
    let consul: RealConsul;
    let traefik: RealTraefik;
    let portolan: PortolanProcess;

    const routesAnswer = (names: readonly string[]) => async () => {
      const answers = await Promise.all(names.map((name) => ask(traefik.url, `${name}.test`)));
      return answers.every(({ status, text }, at) => status === 200 && text === `${names[at]}.test`);
    };
    const startTraefik = async () => {
      traefik = await startRealTraefik(traefikTool!, { args: fileProvider(site.watched), directories: [site.watched] });
    };
    const start = async (settings = "") => {
      const args = ["--consul-addr", consul.url, "--output", site.chart, "--state-dir", site.stateDir];
      portolan = await startPortolan([...args, "--settings", await site.settings(settings)]);
    };

    beforeEach(async () => {
      site = await createSite();
      consul = await startRealConsul(consulTool!);
      await startTraefik();
    });
    afterEach(async () => {
      portolan.kill("SIGKILL");
      await portolan.ended();
      await traefik.stop();
      await consul.stop();
      await site.remove();
    });

    test("100 services are routed; one comes, one turns critical, one goes: 503 for the grace time, then 404", async () => {
      const catalog = createCatalogClient(consul.url);
      for (const name of NAMES) await registerService(catalog, name, site.backendPort);
      await start("routes: { zeroInstanceGrace: 2s }");
      await until(routesAnswer(NAMES), { timeoutMs: 15_000, what: "100 routes through Traefik" });

      await registerService(catalog, "latecomer", site.backendPort);
      await until(routesAnswer(["latecomer"]), { timeoutMs: 5_000, what: "the new route" });

      await setStatus(catalog, "service-1", "critical");
      await catalog.deregister({ Node: "node-1", ServiceID: "service-2" });
      for (const status of [503, 404]) {
        const both = ["service-1.test", "service-2.test"].map((host) =>
          until(async () => (await ask(traefik.url, host)).status === status, {
            timeoutMs: 8_000,
            what: `${host} to answer ${status}`,
          }),
        );
        await Promise.all(both);
      }
      await setStatus(catalog, "service-1", "passing");
      await until(routesAnswer(["service-1", ...NAMES.slice(2), "latecomer"]), {
        timeoutMs: 5_000,
        what: "all other routes",
      });

      expect(errorsAboutUs(traefik.logLines())).toEqual([]);
      expect(await site.files()).toEqual(["portolan.yml"]);
      expect(await portolan.stop()).toBe(0);
    });

    const orders = [
      ["consul", "traefik", "portolan"],
      ["consul", "portolan", "traefik"],
      ["traefik", "consul", "portolan"],
      ["traefik", "portolan", "consul"],
      ["portolan", "consul", "traefik"],
      ["portolan", "traefik", "consul"],
    ] as const;
    test.each(orders)(
      "killing %s, %s, %s and starting only Traefik and portolan keeps every route",
      async (...order) => {
        const names = NAMES.slice(0, 20);
        const catalog = createCatalogClient(consul.url);
        for (const name of names) await registerService(catalog, name, site.backendPort);
        await start();
        await until(routesAnswer(names), { timeoutMs: 10_000, what: "the routes" });
        const before = await site.chartText();

        for (const victim of order) {
          if (victim === "consul") await consul.kill("SIGKILL");
          if (victim === "traefik") await traefik.stop();
          if (victim === "portolan") {
            portolan.kill("SIGKILL");
            await portolan.ended();
          }
        }
        await startTraefik();
        await start();
        await until(routesAnswer(names), { timeoutMs: 10_000, what: "the routes without a catalog" });
        await until(() => portolan.log().includes("source.failing"), { timeoutMs: 5_000, what: "portolan to notice" });
        expect(await site.chartText()).toBe(before);
        expect((await fetch(`${portolan.url}/readyz`)).status).toBe(503);
        expect((await fetch(`${portolan.url}/healthz`)).status).toBe(200);
      },
    );

    test("a catalog that comes back without its data takes nothing away; what registers again is live at once", async () => {
      const names = NAMES.slice(0, 10);
      const catalog = createCatalogClient(consul.url);
      for (const name of names) await registerService(catalog, name, site.backendPort);
      await start();
      await until(routesAnswer(names), { timeoutMs: 10_000, what: "the routes" });

      await consul.kill("SIGKILL");
      await consul.restart();
      // A Consul that is starting has no leader for a moment: a read at that moment is held for that reason first.
      const held = () =>
        portolan.events().some(({ event, kind }) => event === "chart.held" && kind === "catalog-reset");
      await until(held, { timeoutMs: 10_000, what: "the hold of a catalog that lost its index" });
      expect(await routesAnswer(names)()).toBe(true);

      await registerService(createCatalogClient(consul.url), "service-1", site.backendPort + 1);
      await until(async () => (await site.chartText()).includes(`127.0.0.1:${site.backendPort + 1}`), {
        timeoutMs: 5_000,
        what: "news during the hold",
      });
      expect(await routesAnswer(names.slice(1))()).toBe(true);
    });

    test("with the state lost, the chart on disk is what a first read is compared with", async () => {
      const names = NAMES.slice(0, 10);
      const catalog = createCatalogClient(consul.url);
      for (const name of names) await registerService(catalog, name, site.backendPort);
      await start();
      await until(routesAnswer(names), { timeoutMs: 10_000, what: "the routes" });
      await portolan.stop();
      await consul.restart();
      const before = await site.chartText();

      const args = ["--consul-addr", consul.url, "--output", site.chart, "--state-dir", `${site.stateDir}-new`];
      portolan = await startPortolan(args);
      await until(() => portolan.log().includes("chart.held"), { timeoutMs: 10_000, what: "the hold" });
      expect(await site.chartText()).toBe(before);
    });

    test("signals: SIGHUP reads settings again and refuses bad ones, SIGUSR1 opens no inspector, SIGTERM ends with 0", async () => {
      const catalog = createCatalogClient(consul.url);
      await registerService(catalog, "web", site.backendPort);
      await start("traefik: { prefix: edge }");
      await until(() => portolan.log().includes("chart.empty"), { timeoutMs: 5_000, what: "an empty chart" });

      await site.settings("traefik: { prefix: traefik }");
      portolan.kill("SIGHUP");
      await until(routesAnswer(["web"]), { timeoutMs: 5_000, what: "the route after the reload" });

      await site.settings("traefik: { prefx: oops }");
      portolan.kill("SIGHUP");
      await until(() => portolan.log().includes("settings.refused"), { timeoutMs: 5_000, what: "the refusal" });
      portolan.kill("SIGUSR1");
      portolan.kill("SIGUSR2");
      expect(await routesAnswer(["web"])()).toBe(true);
      expect(portolan.log()).not.toContain("Debugger listening");
      expect(await portolan.stop()).toBe(0);
    });
  },
);
