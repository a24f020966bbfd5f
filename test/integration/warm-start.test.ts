import { appendFile, mkdir, utimes } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type CatalogServer, startCatalogServer } from "../../src/simulator/server.ts";
import { createCatalog } from "../../src/simulator/state/catalog.ts";
import { until } from "../support/await-until.ts";
import { type PortolanProcess, startPortolan } from "../support/portolan-process.ts";
import { createSite, type Site } from "./site.ts";

let site: Site;
let server: CatalogServer;
let settings: string;
let portolan: PortolanProcess | undefined;

beforeEach(async () => {
  site = await createSite();
  const catalog = createCatalog();
  const Service = { ID: "web", Service: "web", Port: 24_001, Tags: ["traefik.enable=true"] };
  catalog.register({ Node: "node-1", Address: "127.0.0.1", Service });
  server = await startCatalogServer({ catalog });
  await mkdir(join(site.watched, "../snippets"));
  settings = await site.settings("snippets: snippets\n");
});
afterEach(async () => {
  portolan?.kill("SIGKILL");
  await portolan?.ended();
  portolan = undefined;
  await server.close();
  await site.remove();
});

async function start(): Promise<PortolanProcess> {
  const files = ["--settings", settings, "--output", site.chart, "--state-dir", site.stateDir];
  portolan = await startPortolan(["--consul-addr", server.url, ...files]);
  return portolan;
}

/** Until the chart has been held against what the catalog says. */
async function ready({ url }: PortolanProcess): Promise<void> {
  const isReady = async () => (await fetch(`${url}/readyz`)).status === 200;
  await until(isReady, { timeoutMs: 10_000, what: "a chart of what the catalog says" });
}

/** Whether the next start confirms the chart that it finds; it ends again, and leaves its fingerprint. */
async function isConfirmed(): Promise<boolean> {
  const running = await start();
  await ready(running);
  const events = running.events().map(({ event }) => event);
  await running.stop();
  return events.includes("chart.confirmed");
}

test("a chart is confirmed by the next start before its catalog answers, and as often as nothing changes", async () => {
  expect(await isConfirmed()).toBe(false);
  expect(await isConfirmed()).toBe(true);
  expect(await isConfirmed()).toBe(true);
  const text = await site.chartText();
  await server.close();
  const { url } = await start();
  const status = async () => (await (await fetch(`${url}/v1/status`)).json()) as { chart: { hash: string | null } };
  await until(async () => (await status()).chart.hash !== null, { timeoutMs: 10_000, what: "the chart's hash" });
  expect(portolan?.events().map(({ event }) => event)).toContain("chart.confirmed");
  expect(await site.chartText()).toBe(text);
});

test.each<[string, () => Promise<unknown>]>([
  ["the chart was edited", () => appendFile(site.chart, "\n")],
  ["the stored snapshot was touched", () => utimes(join(site.stateDir, "last-good.json"), 1, 1)],
  ["the stored memory was touched", () => utimes(join(site.stateDir, "chart-state.json"), 1, 1)],
  ["the settings were changed", () => site.settings("snippets: snippets\ntraefik: { defaultRule: Host(`x`) }\n")],
  [
    "a snippet was written",
    () => site.beside("snippets/one.yml", "http: { middlewares: { one: { compress: {} } } }\n"),
  ],
  [
    "a file came beside the chart",
    () => site.beside("dynamic/other.yml", "http: { middlewares: { one: { compress: {} } } }\n"),
  ],
])("a chart is decided anew where %s while no portolan ran", async (_, change) => {
  await isConfirmed();
  await change();
  expect(await isConfirmed()).toBe(false);
  // The process that decided anew has left its own fingerprint.
  expect(await isConfirmed()).toBe(true);
});

test("a chart is decided anew after a kill, since nothing was left by the process that was killed", async () => {
  const killed = await start();
  await ready(killed);
  killed.kill("SIGKILL");
  await killed.ended();
  expect(await isConfirmed()).toBe(false);
});
