import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parseChart } from "../../src/core/traefik/chart/parse-chart.ts";
import { ask, createSite, errorsAboutUs, registerService, type Site } from "../integration/site.ts";
import { until } from "../support/await-until.ts";
import { type CatalogClient, createCatalogClient } from "../support/catalog-client.ts";
import { startPortolan } from "../support/portolan-process.ts";
import { findTool } from "../support/real-binaries.ts";
import { type RealConsul, startRealConsul } from "../support/real-consul.ts";
import { fileProvider, type RealTraefik, startRealTraefik } from "../support/real-traefik.ts";

const consulTool = await findTool("consul");
const traefikTool = await findTool("traefik");

const KILLS = Number(process.env["KILLS"] ?? 200);
const CHANGE_EVERY_MS = 50;
/** Kills between two lines of progress. */
const PROGRESS_EVERY = 50;
const STABLE = ["stable-1", "stable-2", "stable-3"];

describe.skipIf(consulTool === undefined || traefikTool === undefined)(`kill -9, ${KILLS} times`, () => {
  let site: Site;
  let consul: RealConsul;
  let traefik: RealTraefik;
  let catalog: CatalogClient;

  beforeAll(async () => {
    site = await createSite();
    consul = await startRealConsul(consulTool!);
    catalog = createCatalogClient(consul.url);
    traefik = await startRealTraefik(traefikTool!, { args: fileProvider(site.watched), directories: [site.watched] });
    for (const name of STABLE) await registerService(catalog, name, site.backendPort);
  });
  afterAll(async () => {
    await traefik.stop();
    await consul.stop();
    await site.remove();
  });

  test("while the catalog changes all the time, no reader ever sees a partial file, and nothing is left behind", async () => {
    let changes = 0;
    let reads = 0;
    const partial: string[] = [];
    // A port changes and a service comes or goes, so that bytes, lengths and state files differ all the time.
    const changing = setInterval(() => {
      changes += 1;
      const port = site.backendPort + 1 + (changes % 500);
      void registerService(catalog, "restless", port).catch(() => {});
      if (changes % 2 === 0) void registerService(catalog, `guest-${changes % 7}`, port).catch(() => {});
      else void catalog.deregister({ Node: "node-1", ServiceID: `guest-${changes % 7}` }).catch(() => {});
    }, CHANGE_EVERY_MS);
    const reading = setInterval(() => {
      const text = readText(site.chart);
      if (text === undefined) return;
      reads += 1;
      if (parseChart(text) === undefined) partial.push(text);
    }, 1);

    const args = ["--consul-addr", consul.url, "--output", site.chart, "--state-dir", site.stateDir];
    let written = 0;
    try {
      for (let kill = 0; kill < KILLS; kill += 1) {
        const portolan = await startPortolan(args);
        const before = readText(site.chart);
        // The moments of the kills go through start, first write and the writes after it.
        const lifeMs = (kill * 37) % 300;
        const endsAtMs = performance.now() + lifeMs;
        while (performance.now() < endsAtMs) await new Promise((resolve) => setImmediate(resolve));
        portolan.kill("SIGKILL");
        await portolan.ended();
        if (readText(site.chart) !== before) written += 1;
        if ((kill + 1) % PROGRESS_EVERY === 0) console.info(`${kill + 1} of ${KILLS} kills, ${written} after a write`);
      }
      const last = await startPortolan(args);
      await until(async () => (await ask(traefik.url, "stable-1.test")).status === 200, {
        timeoutMs: 10_000,
        what: "the stable routes after all kills",
      });
      clearInterval(changing);
      await registerService(catalog, "last-word", site.backendPort);
      await until(async () => (await ask(traefik.url, "last-word.test")).status === 200, {
        timeoutMs: 10_000,
        what: "the last registration",
      });
      expect(await last.stop()).toBe(0);
    } finally {
      clearInterval(changing);
      clearInterval(reading);
    }

    console.info(`${KILLS} kills, ${written} of them after a write, ${changes} changes, ${reads} reads of the file`);
    expect(partial).toEqual([]);
    expect(written).toBeGreaterThan(KILLS / 10);
    expect(reads).toBeGreaterThan(KILLS);
    expect(await site.files()).toEqual(["portolan.yml"]);
    expect(errorsAboutUs(traefik.logLines())).toEqual([]);
    for (const name of STABLE) expect((await ask(traefik.url, `${name}.test`)).status).toBe(200);
  });
});

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}
