import { chmod, chown, mkdir, readdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type CatalogServer, startCatalogServer } from "../../src/simulator/server.ts";
import { type Catalog, createCatalog } from "../../src/simulator/state/catalog.ts";
import { endHere } from "../cli/in-process.ts";
import { until } from "../support/await-until.ts";
import { type PortolanProcess, startPortolan } from "../support/portolan-process.ts";
import { createSite, openToUsers, type Site } from "./site.ts";

const isRoot = process.getuid?.() === 0;
const ORDINARY = { uid: 65_534, gid: 65_534 };

let site: Site;
let catalog: Catalog;
let server: CatalogServer;
let portolan: PortolanProcess | undefined;

beforeEach(async () => {
  site = await createSite();
  catalog = createCatalog();
  register("web");
  server = await startCatalogServer({ catalog });
  await openToUsers(site);
});
afterEach(async () => {
  portolan?.kill("SIGKILL");
  await portolan?.ended();
  portolan = undefined;
  await server.close();
  await site.remove();
});

function register(service: string): void {
  const Service = { ID: service, Service: service, Port: 24_001, Tags: ["traefik.enable=true"] };
  catalog.register({ Node: "node-1", Address: "127.0.0.1", Service });
}

async function isRouted(service: string): Promise<void> {
  const isThere = async () => (await site.chartText()).includes(`"${service}"`);
  await until(isThere, { timeoutMs: 5_000, what: `${service} in the chart` });
}

async function start(): Promise<PortolanProcess> {
  const files = ["--output", site.chart, "--state-dir", site.stateDir];
  portolan = await startPortolan(["--consul-addr", server.url, ...files], {}, isRoot ? { user: ORDINARY } : {});
  await isRouted("web");
  await until(async () => (await readdir(site.stateDir)).includes("control.sock"), { timeoutMs: 5_000, what: "it" });
  // The first version of the chart is stored beside the pass, and makes the directory of versions.
  const isStored = async () => (await readdir(`${site.stateDir}/versions`)).some((name) => /^\d/.test(name));
  await until(() => isStored().catch(() => false), { timeoutMs: 5_000, what: "the first version" });
  return portolan;
}

describe.skipIf(!isRoot)("a state directory that is lost while the process runs", () => {
  beforeEach(async () => {
    for (const path of [site.watched, site.stateDir]) await chown(path, ORDINARY.uid, ORDINARY.gid);
  });

  test("that may not be written stops no news: what is known is still written to the files that are there", async () => {
    const running = await start();
    await chmod(site.stateDir, 0o500);
    register("news");
    await isRouted("news");
    expect(running.events().filter(({ level }) => level === "error")).toEqual([]);
  });

  test.each<[string, () => Promise<void>]>([
    ["that may not be entered", () => chmod(site.stateDir, 0o000)],
    [
      "whose files belong to another user",
      async () => {
        for (const name of await readdir(site.stateDir)) await chown(`${site.stateDir}/${name}`, 0, 0);
        await chown(site.stateDir, 0, 0);
      },
    ],
    // A version of the chart may be on its way into it.
    ["that is removed", () => rm(site.stateDir, { recursive: true, maxRetries: 20, retryDelay: 50 })],
    ["that is moved away", () => rename(site.stateDir, `${site.stateDir}-old`)],
    [
      "that is a file",
      async () => {
        await rm(site.stateDir, { recursive: true });
        await writeFile(site.stateDir, "");
      },
    ],
  ])("%s stops no news, and is told", async (_, lose) => {
    const running = await start();
    await lose();
    register("news");
    await isRouted("news");
    register("more-news");
    await isRouted("more-news");
    const errors = new Set(
      running
        .events()
        .filter(({ level }) => level === "error")
        .map(({ event }) => event),
    );
    expect([...errors]).toEqual(["state.unsaved"]);
  });

  test("that comes back empty has its control socket again", async () => {
    const running = await start();
    await rename(site.stateDir, `${site.stateDir}-old`);
    await mkdir(site.stateDir, { mode: 0o700 });
    await chown(site.stateDir, ORDINARY.uid, ORDINARY.gid);
    register("news");
    await isRouted("news");
    const asked = () => endHere(["rollback", "--state-dir", site.stateDir]);
    await until(async () => (await asked()).code === 0, { timeoutMs: 10_000, what: "an order to be taken" });
    expect(await running.stop()).toBe(0);
  });

  test.each(["0444", "0400", "0000"])(
    "a chart of mode %s is replaced, since its directory may be written",
    async (mode) => {
      const running = await start();
      await chmod(site.chart, mode);
      register("news");
      await until(async () => ((await stat(site.chart)).mode & 0o777) === 0o640, {
        timeoutMs: 5_000,
        what: "the mode",
      });
      await isRouted("news");
      expect(running.events().filter(({ level }) => level === "error")).toEqual([]);
    },
  );
});
