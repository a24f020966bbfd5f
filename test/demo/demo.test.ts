import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { systemClock } from "../../src/base/clock.ts";
import { cleanFolder, howTyped, introduction } from "../../src/demo/demo-run.ts";
import { HOMELAB, register } from "../../src/demo/homelab.ts";
import { life } from "../../src/demo/life.ts";
import { createWriterLock } from "../../src/output/lock/writer-lock.ts";
import { createCatalog, startCatalogServer } from "../../src/simulator/simulator.ts";

let parent: string;
let folder: string;
let chart: string;
let stateDir: string;

beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), "portolan-demo-"));
  folder = join(parent, "portolan-demo");
  chart = join(folder, "dynamic", "portolan.yml");
  stateDir = join(folder, "state");
});
afterEach(() => rmSync(parent, { recursive: true }));

test("the demo begins with a fresh state", async () => {
  mkdirSync(join(folder, "dynamic"), { recursive: true });
  mkdirSync(stateDir);
  writeFileSync(chart, "old");
  await cleanFolder(folder, chart, stateDir);
  expect([existsSync(chart), existsSync(stateDir), existsSync(join(folder, "dynamic"))]).toEqual([false, false, true]);
});

const ADDRESSES = {
  catalogUrl: "http://127.0.0.1:8500",
  listenPort: 9_532,
  chart: "/d/portolan.yml",
  settingsFile: "/d/settings.yml",
  configFile: "/d/traefik.yml",
  traefikPort: 8_000,
  program: "portolan",
  taken: [],
};

test("the page's address is the first that the demo tells", () => {
  const [, , page] = introduction(ADDRESSES).split("\n");
  expect(page).toMatch(/^ {2}page {6}http:\/\/127\.0\.0\.1:9532\/ /);
  expect(introduction(ADDRESSES)).not.toContain("another process");
});

test("where another process has the usual port, the demo says so beside the port that it has", () => {
  const [, , page, why] = introduction({ ...ADDRESSES, listenPort: 40_001 }).split("\n");
  expect(page).toContain("http://127.0.0.1:40001/");
  expect(why?.trim()).toBe("not on 9532 as usual: another process has that port");
});

test.each([
  [
    { npm_lifecycle_event: "demo" },
    "dist/main.js explain wiki; dist/main.js status; dist/main.js routes; dist/main.js plan",
  ],
  [{ npm_lifecycle_event: "npx" }, "portolan explain wiki; portolan status; portolan routes; portolan plan"],
  [{}, "portolan explain wiki; portolan status; portolan routes; portolan plan"],
])("commands are told as they can be typed where the demo was started: %j", (environment, commands) => {
  const lines = introduction({ ...ADDRESSES, program: howTyped(environment) }).split("\n");
  expect(lines.map((line) => line.trim())).toContain(commands);
});

test("a second demo leaves the files of the first alone", async () => {
  await cleanFolder(folder, chart, stateDir);
  mkdirSync(stateDir);
  writeFileSync(chart, "of the first");
  const lock = createWriterLock({ outputPath: chart, self: "pid 7 on here", clock: systemClock, unprotected() {} });
  await lock.acquire(AbortSignal.timeout(5_000), () => {});
  try {
    await expect(cleanFolder(folder, chart, stateDir)).rejects.toMatchObject({
      exitCode: 73,
      message: expect.stringContaining("another demo (pid 7 on here) runs in"),
    });
    expect([existsSync(chart), existsSync(stateDir)]).toEqual([true, true]);
  } finally {
    await lock.release();
  }
});

test("a folder that cannot be written is told in a sentence", async () => {
  writeFileSync(folder, "a file");
  await expect(cleanFolder(folder, chart, stateDir)).rejects.toMatchObject({
    code: "E_DEMO_FOLDER",
    exitCode: 73,
    message: expect.stringContaining("start it in a directory that you may write"),
  });
});

test("no long poll of a catalog that shows nothing outlives the scene, to say so in the middle of a later one", async () => {
  const catalog = createCatalog();
  const server = await startCatalogServer({ catalog });
  try {
    for (const instance of HOMELAB) register(catalog, instance);
    const scenes = life(catalog, server);
    const empty = scenes.findIndex(({ tell }) => tell.includes("200 with nothing in it"));
    await scenes[empty]?.act();
    const listed = await fetch(`${server.url}/v1/catalog/services`);
    const index = listed.headers.get("x-consul-index");
    const poll = fetch(`${server.url}/v1/catalog/services?index=${index}&wait=30s`, {
      signal: AbortSignal.timeout(5_000),
    });
    await systemClock.sleep(200);
    await scenes[empty + 1]?.act();
    await poll;
    const now = (await (await fetch(`${server.url}/v1/catalog/services`)).json()) as object;
    expect(Object.keys(now)).toContain("windmill");
  } finally {
    await server.close();
  }
});
