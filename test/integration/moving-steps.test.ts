import { rm } from "node:fs/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { compareBytes } from "../../src/go/byte-order.ts";
import { until } from "../support/await-until.ts";
import { type CatalogClient, createCatalogClient } from "../support/catalog-client.ts";
import { type PortolanProcess, startPortolan } from "../support/portolan-process.ts";
import { findTool } from "../support/real-binaries.ts";
import { type RealConsul, startRealConsul } from "../support/real-consul.ts";
import { consulCatalogProvider, fileProvider, type RealTraefik, startRealTraefik } from "../support/real-traefik.ts";
import { ask, createSite, registerService, type Site } from "./site.ts";

const consulTool = await findTool("consul");
const traefikTool = await findTool("traefik");

const NAMES = ["shop", "wiki", "mail"];

describe.skipIf(consulTool === undefined || traefikTool === undefined)("the steps of docs/migration.md", () => {
  let site: Site;
  let consul: RealConsul;
  let catalog: CatalogClient;
  let portolan: PortolanProcess;
  const traefiks: RealTraefik[] = [];

  async function start(...providers: readonly (readonly string[])[]): Promise<RealTraefik> {
    const traefik = await startRealTraefik(traefikTool!, { args: providers.flat(), directories: [site.watched] });
    traefiks.push(traefik);
    return traefik;
  }

  /** Asks for every service again and again until stopped; tells what else than 200 came after a service's first 200. */
  function askAllAlong({ url }: RealTraefik) {
    let isOver = false;
    const others: string[] = [];
    let good = 0;
    const asking = NAMES.map(async (name) => {
      let hasAnswered = false;
      while (!isOver) {
        const { status } = await ask(url, `${name}.test`);
        if (status !== 200 && hasAnswered) others.push(`${name}: ${status}`);
        if (status === 200) good += 1;
        hasAnswered ||= status === 200;
      }
    });
    return {
      good: () => good,
      async stop() {
        isOver = true;
        await Promise.all(asking);
        return others;
      },
    };
  }

  const routesAnswer = (traefik: RealTraefik) => async () => {
    const answers = await Promise.all(NAMES.map((name) => ask(traefik.url, `${name}.test`)));
    return answers.every(({ status }) => status === 200);
  };

  async function providersOf({ apiUrl }: RealTraefik): Promise<readonly string[]> {
    const routers = (await (await fetch(`${apiUrl}/api/http/routers`)).json()) as readonly { provider: string }[];
    return [...new Set(routers.map(({ provider }) => provider))]
      .filter((name) => name !== "internal")
      .toSorted(compareBytes);
  }

  beforeEach(async () => {
    site = await createSite();
    consul = await startRealConsul(consulTool!);
    catalog = createCatalogClient(consul.url);
    for (const name of NAMES) await registerService(catalog, name, site.backendPort);
    portolan = await startPortolan(["--consul-addr", consul.url, "--output", site.chart, "--state-dir", site.stateDir]);
    await until(async () => (await site.chartText().catch(() => "")).includes("mail.test"), {
      timeoutMs: 15_000,
      what: "the chart",
    });
  });
  afterEach(async () => {
    for (const traefik of traefiks.splice(0)) await traefik.stop();
    portolan.kill("SIGKILL");
    await portolan.ended();
    await consul.stop();
    await site.remove();
  });

  test("with both providers no request is lost, when portolan comes and when it goes", async () => {
    const traefik = await start(consulCatalogProvider(consul.url), fileProvider(site.watched));
    await until(async () => (await providersOf(traefik)).join() === "consulcatalog,file", {
      timeoutMs: 15_000,
      what: "both providers",
    });
    await until(routesAnswer(traefik), { timeoutMs: 15_000, what: "every route" });
    const asked = askAllAlong(traefik);
    await until(() => asked.good() > 100, { timeoutMs: 15_000, what: "answers while both are there" });
    expect(await portolan.stop()).toBe(0);
    await rm(site.chart);
    await until(async () => (await providersOf(traefik)).join() === "consulcatalog", {
      timeoutMs: 15_000,
      what: "the chart to be gone",
    });
    const goodBefore = asked.good();
    await until(() => asked.good() > goodBefore + 100, { timeoutMs: 15_000, what: "answers without the chart" });
    expect(await asked.stop()).toEqual([]);
  });

  test("after the switch a Traefik that starts has every route from the file, also while the catalog is away", async () => {
    await consul.kill("SIGKILL");
    const traefik = await start(fileProvider(site.watched));
    // It listens a moment before it has read what any provider says, and answers 404 until then.
    const asked = askAllAlong(traefik);
    await until(() => asked.good() > 100, { timeoutMs: 15_000, what: "answers" });
    await until(routesAnswer(traefik), { timeoutMs: 15_000, what: "every route" });
    expect(await asked.stop()).toEqual([]);
    expect(await providersOf(traefik)).toEqual(["file"]);
  });
});
