import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Explained } from "../../src/api/resources/explain.ts";
import { type CatalogServer, startCatalogServer } from "../../src/simulator/server.ts";
import { createCatalog } from "../../src/simulator/state/catalog.ts";
import { until } from "../support/await-until.ts";
import { runPortolan, startPortolan } from "../support/portolan-process.ts";
import { createSite, type Site } from "./site.ts";

let site: Site;
let server: CatalogServer;

beforeEach(async () => {
  site = await createSite();
  const catalog = createCatalog();
  const register = (service: string, Tags: readonly string[]) =>
    catalog.register({
      Node: "node-1",
      Address: "127.0.0.1",
      Service: { ID: service, Service: service, Port: 24_000, Tags },
    });
  register("wiki", ["traefik.enable=true", "traefik.http.routers.wiki.ruel=Host(`wiki.test`)"]);
  register("shop", ["traefik.enable=true", "traefik.http.routers.shop.rule=Host(`shop.test`)"]);
  server = await startCatalogServer({ catalog });
});
afterEach(async () => {
  await server.close();
  await site.remove();
});

test("explain is answered by the running daemon, without one by what a pass would decide, and without both in one line", async () => {
  const files = ["--consul-addr", server.url, "--output", site.chart, "--state-dir", site.stateDir];
  const portolan = await startPortolan(files);
  const listen = ["--listen", new URL(portolan.url).host];
  const isRouted = async () => (await site.files()).length > 0 && (await site.chartText()).includes("shop");
  await until(isRouted, { timeoutMs: 10_000, what: "the first chart" });
  const asked = ["wiki", "shop", "shop.test", "http://shop.test/x", "24000", "nothing-of-that-name"];
  const byDaemon = await Promise.all(asked.map((about) => runPortolan(["explain", about, ...listen])));
  await portolan.stop();
  const chart = await readFile(site.chart, "utf8");
  const withoutDaemon = await Promise.all(asked.map((about) => runPortolan(["explain", about, ...listen, ...files])));
  const asJson = await runPortolan(["explain", "wiki", "--json", ...listen, ...files]);
  const neither = await runPortolan(["explain", "wiki", ...listen], { PORTOLAN_SETTINGS: "" });

  expect(byDaemon.map(({ code }) => code)).toEqual([1, 0, 0, 0, 0, 1]);
  expect(withoutDaemon.map(({ code }) => code)).toEqual([1, 0, 0, 0, 0, 1]);
  for (const { stderr } of byDaemon) expect(stderr).toBe("portolan: answered by the portolan that runs\n");
  for (const { stderr } of withoutDaemon) expect(stderr).toContain("answered by what a pass would decide now");
  const wiki = byDaemon[0]?.stdout ?? "";
  for (const piece of [
    "service wiki is not routed",
    "TAG_UNKNOWN_KEY",
    "on node-1",
    'write "rule" instead of "ruel"',
  ]) {
    expect(wiki).toContain(piece);
  }
  // The same pass, the same answer, but for the time.
  const timeless = (text: string) => text.replaceAll(/, answered \d+ \w+ ago/g, "");
  expect(withoutDaemon.map(({ stdout }) => timeless(stdout))).toEqual(byDaemon.map(({ stdout }) => timeless(stdout)));
  const explained = JSON.parse(asJson.stdout) as Explained;
  expect(explained.charts).toMatchObject([
    { chart: "main", answers: [{ kind: "service", verdict: { state: "not-routed" } }] },
  ]);
  expect(await readFile(site.chart, "utf8")).toBe(chart);
  expect(neither).toMatchObject({ code: 69, stdout: "" });
  expect(neither.stderr.trimEnd().split("\n")).toHaveLength(1);
});

test("with several charts the one that the service asks for is told at length, the others in a line", async () => {
  const file = join(site.watched, "..", "public.yml");
  const settings = await site.settings(JSON.stringify({ edges: [{ name: "public", prefix: "public", file }] }));
  const files = ["--consul-addr", server.url, "--output", site.chart, "--state-dir", site.stateDir];
  const { stdout, code } = await runPortolan([
    "explain",
    "shop",
    "--settings",
    settings,
    "--listen",
    "127.0.0.1:1",
    ...files,
  ]);
  expect(code).toBe(0);
  const [main = "", edge = ""] = stdout.split("Chart public\n");
  expect(main).toContain("Chart main\n✓ service shop is routed");
  expect(edge.split("\n").length).toBeLessThan(8);
  expect(edge).toContain("service shop is not routed");
});
