import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { StatusAnswer } from "../../src/api/resources/status.ts";
import { type CatalogServer, startCatalogServer } from "../../src/simulator/server.ts";
import { createCatalog } from "../../src/simulator/state/catalog.ts";
import { disagreements } from "../observe/metrics/agreement.ts";
import { until } from "../support/await-until.ts";
import { runPortolan, startPortolan } from "../support/portolan-process.ts";
import { createSite, type Site } from "./site.ts";

describe("several edges from one daemon", () => {
  let site: Site;
  let server: CatalogServer;
  let publicChart: string;
  let settings: string;
  const catalog = createCatalog();

  beforeEach(async () => {
    site = await createSite();
    const folder = join(site.watched, "..", "public");
    await mkdir(folder);
    publicChart = join(folder, "portolan.yml");
    catalog.wipe();
    register("intern", ["traefik.enable=true"]);
    register("shop", ["public.enable=true", "public.http.routers.shop.rule=Host(`shop.example`)"]);
    register("both", ["traefik.enable=true", "public.enable=true"]);
    server = await startCatalogServer({ catalog });
    settings = await site.settings(
      JSON.stringify({ edges: [{ name: "public", prefix: "public", file: publicChart }], publish: { quiet: "10ms" } }),
    );
  });
  afterEach(async () => {
    await server.close();
    await site.remove();
  });

  function register(service: string, Tags: readonly string[], Port = 24_000): void {
    catalog.register({ Node: "node-1", Address: "127.0.0.1", Service: { ID: service, Service: service, Port, Tags } });
  }

  const args = () => [
    ...["--settings", settings, "--consul-addr", server.url],
    ...["--output", site.chart, "--state-dir", site.stateDir],
  ];
  const routersIn = async (path: string): Promise<readonly string[]> => {
    const [, ...lines] = (await readFile(path, "utf8")).split("\n");
    return Object.keys((JSON.parse(lines.join("\n")) as { http: { routers: object } }).http.routers);
  };

  test("each chart has what its prefix asks for, and nothing of the other's", async () => {
    expect(await runPortolan(["once", ...args()])).toMatchObject({ code: 0 });
    expect(await routersIn(site.chart)).toEqual(["both", "intern"]);
    expect(await routersIn(publicChart)).toEqual(["both", "shop"]);
  });

  test("changes reach the chart that they concern; logs, status and metrics tell them apart", async () => {
    const portolan = await startPortolan(args());
    try {
      for (const chart of [site.chart, publicChart]) {
        await until(async () => (await routersIn(chart)).length === 2, { timeoutMs: 5_000, what: "both charts" });
      }
      const before = await readFile(site.chart, "utf8");
      register("shop", ["public.enable=true", "public.http.routers.shop.rule=Host(`shop.example`)"], 24_777);
      await until(async () => (await readFile(publicChart, "utf8")).includes("24777"), {
        timeoutMs: 5_000,
        what: "the new port",
      });
      expect(await readFile(site.chart, "utf8")).toBe(before);
      // The file is there a moment before the pass that wrote it has reported it.
      const isTold = async () => (await (await fetch(`${portolan.url}/readyz`)).text()) === "ready\n";
      await until(isTold, { timeoutMs: 5_000, what: "the passes that wrote them to end" });
      const status = (await (await fetch(`${portolan.url}/v1/status`)).json()) as Record<string, unknown>;
      expect(status).toMatchObject({ chart: { routers: 2 }, edges: [{ name: "public", chart: { routers: 2 } }] });
      const metrics = await (await fetch(`${portolan.url}/metrics`)).text();
      expect(metrics).toContain('portolan_chart_routers{edge="public"} 2');
    } finally {
      portolan.kill("SIGTERM");
      await portolan.ended();
    }
  });

  test("metrics, status and readiness agree in each scrape, also while things go wrong with one chart", async () => {
    const portolan = await startPortolan(args());
    const answer = async (path: string) => fetch(`${portolan.url}${path}`);
    const told = async () => {
      const [metrics, status, readyz] = await Promise.all([
        answer("/metrics"),
        answer("/v1/status"),
        answer("/readyz"),
      ]);
      const text = await metrics.text();
      const answers = { metrics: text, status: (await status.json()) as StatusAnswer, readyz: readyz.status };
      return { text, disagreements: disagreements(answers) };
    };
    /** Until a scrape has these lines; they are asked for one after the other, so that a change may come in between. */
    const awaitTold = (what: string, ...lines: readonly string[]) =>
      until(
        async () => {
          const { text, disagreements } = await told();
          return disagreements.length === 0 && lines.every((line) => text.includes(`\n${line}\n`));
        },
        { timeoutMs: 15_000, what },
      );
    try {
      register("broken", ["public.enable=true", "public.http.routers.broken.rul=x"]);
      await awaitTold(
        "both charts",
        "portolan_ready 1",
        'portolan_chart_ready{edge="main"} 1',
        'portolan_chart_diagnostics{edge="public",code="TAG_UNKNOWN_KEY",severity="error"} 1',
        'portolan_source_up{source="consul"} 1',
        'portolan_source_blind{source="consul"} 0',
      );
      const page = new AbortController();
      await fetch(`${portolan.url}/v1/events`, { headers: { accept: "text/event-stream" }, signal: page.signal });
      await awaitTold("the stream", "portolan_listener_streams 1");
      page.abort();
      await awaitTold("its end", "portolan_listener_streams 0");
      const beside = join(publicChart, "..", "other.yml");
      await writeFile(beside, "http: {");
      await awaitTold(
        "the refused directory",
        "portolan_ready 0",
        'portolan_chart_ready{edge="main"} 1',
        'portolan_chart_ready{edge="public"} 0',
        'portolan_chart_directory_refused{edge="public"} 1',
      );
      await rm(beside);
      await awaitTold("its mending", "portolan_ready 1", 'portolan_chart_directory_refused{edge="public"} 0');
      catalog.wipe();
      await awaitTold("the hold", 'portolan_chart_routers_held{edge="main",kind="catalog-reset"} 2');
    } finally {
      await portolan.stop();
    }
  });

  test("a file that can never be written is reported before anything is written", async () => {
    settings = await site.settings(
      JSON.stringify({ edges: [{ name: "public", prefix: "public", file: join(publicChart, "..", "no", "x.yml") }] }),
    );
    const result = await runPortolan(["once", ...args()]);
    expect(result.code).toBe(78);
    expect(result.stderr).toContain("edges.public.file");
  });

  test.each([
    [[{ name: "main", prefix: "a", file: "a.yml" }], '"main" is the chart of `output`'],
    [
      [
        { name: "a", prefix: "a", file: "a.yml" },
        { name: "b", prefix: "a", file: "b.yml" },
      ],
      "edges.1.prefix",
    ],
    [[{ name: "a", prefix: "a", file: "CHART" }], "is the chart of output.file already"],
  ])("%j is refused: 78", async (edges, message) => {
    settings = await site.settings(JSON.stringify({ edges }).replace("CHART", site.chart));
    const result = await runPortolan(["once", ...args()]);
    expect(result.code).toBe(78);
    expect(result.stderr).toContain(message);
  });
});
