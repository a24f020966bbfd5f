import { execFile } from "node:child_process";
import { copyFile, readFile, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { compareBytes } from "../../src/go/byte-order.ts";
import { type CatalogServer, startCatalogServer } from "../../src/simulator/server.ts";
import { createCatalog } from "../../src/simulator/state/catalog.ts";
import { until } from "../support/await-until.ts";
import { freePorts } from "../support/free-port.ts";
import { type PortolanProcess, startPortolan } from "../support/portolan-process.ts";
import { findTool } from "../support/real-binaries.ts";
import { startServerProcess } from "../support/server-process.ts";
import { createSite, type Site } from "./site.ts";

const run = promisify(execFile);
const ROOT = join(import.meta.dirname, "../..");
const prometheus = await findTool("prometheus");
const promtool = await findTool("promtool");

interface ActiveTarget {
  readonly health: string;
  readonly scrapeUrl: string;
  readonly labels: Readonly<Record<string, string>>;
}

interface ActiveAlert {
  readonly labels: Readonly<Record<string, string>>;
}

let site: Site;
let scraped: Server;
let port = 0;
let server: CatalogServer;
let portolan: PortolanProcess;
const catalog = createCatalog();

/** Without a tag of Traefik's: only that for metrics makes it watched. */
const orders = () => ({
  Node: "node-1",
  Address: "127.0.0.1",
  Service: { Service: "orders-metrics", Port: port, Tags: ["portolan.metrics.path=/stats"] },
});

beforeAll(async () => {
  site = await createSite();
  scraped = createServer((_, response) => response.end("orders_total 7\n"));
  await new Promise<void>((resolve) => scraped.listen(0, "127.0.0.1", resolve));
  port = (scraped.address() as AddressInfo).port;
  server = await startCatalogServer({ catalog });
  await site.beside(
    "ledger.yml",
    JSON.stringify({
      nodes: { "lb-1": "127.0.0.1" },
      ports: [{ ports: 1, owner: "traefik", exposure: "internal", nodes: ["lb-1"], metrics: true, purpose: "edge" }],
    }),
  );
  const settings = await site.settings(
    JSON.stringify({
      consul: { address: server.url },
      ports: { dynamic: "1024-65535", ledger: "ledger.yml" },
      output: { file: site.chart },
      stateDir: site.stateDir,
    }),
  );
  portolan = await startPortolan(["--settings", settings]);
  catalog.register(orders());
});

afterAll(async () => {
  await portolan.stop();
  await server.close();
  scraped.closeAllConnections();
  scraped.close();
  await site.remove();
});

async function told(): Promise<readonly string[]> {
  const response = await fetch(`${portolan.url}/v1/sd/prometheus`);
  expect(response.headers.get("content-type")).toMatch(/^application\/json(?:; charset=utf-8)?$/);
  if (response.status !== 200) return [String(response.status)];
  const groups = (await response.json()) as ReadonlyArray<{ readonly targets: readonly string[] }>;
  return groups.flatMap(({ targets }) => targets);
}

async function awaitTold(expected: readonly string[]): Promise<void> {
  await until(async () => (await told()).join() === expected.join(), {
    timeoutMs: 15_000,
    what: `the targets ${expected.join()}`,
  });
}

test("a service that asks for no route is told with the ledger's, and leaves with its registration", async () => {
  const both = ["127.0.0.1:1", `127.0.0.1:${port}`];
  await awaitTold(both);
  expect(await site.chartText()).not.toContain("orders");
  catalog.deregister({ Node: "node-1", ServiceID: "orders-metrics" });
  await awaitTold(["127.0.0.1:1"]);
  catalog.register(orders());
  await awaitTold(both);
  const metrics = await (await fetch(`${portolan.url}/metrics`)).text();
  expect(metrics).toContain('portolan_scrape_targets{source="catalog"} 1\n');
  expect(metrics).toContain("portolan_scrape_targets_whole 1\n");
});

test("before the catalog has answered there is no list", async () => {
  const other = await createSite();
  const away = await startPortolan([
    ...["--consul-addr", "http://127.0.0.1:1", "--output", other.chart, "--state-dir", other.stateDir],
  ]);
  try {
    const response = await fetch(`${away.url}/v1/sd/prometheus`);
    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({ code: "E_API_BUSY" });
  } finally {
    await away.stop();
    await other.remove();
  }
});

test("a name that is not this machine's is refused", async () => {
  const { host } = new URL(portolan.url);
  const { stdout } = await run("curl", [
    "-s",
    "-o",
    "/dev/null",
    "-w",
    "%{http_code}",
    "-H",
    "Host: evil.example",
    `http://${host}/v1/sd/prometheus`,
  ]);
  expect(stdout).toBe("421");
});

describe.skipIf(promtool?.kind !== "binary")("deploy/prometheus.yml", () => {
  test("is taken by promtool", async () => {
    if (promtool?.kind !== "binary") return;
    const { stdout } = await run(promtool.path, ["check", "config", join(ROOT, "deploy/prometheus.yml")]);
    expect(stdout).toContain("SUCCESS");
  });
});

describe.skipIf(prometheus?.kind !== "binary")("a real Prometheus", () => {
  test("with the shipped settings finds the targets, names them, and tells by the shipped rules which portolan is in trouble", async () => {
    if (prometheus?.kind !== "binary") return;
    const [own = 0] = await freePorts(1);
    const shipped = await readFile(join(ROOT, "deploy/prometheus.yml"), "utf8");
    const folder = dirname(site.watched);
    const config = join(folder, "prometheus.yml");
    const { host } = new URL(portolan.url);
    const other = await createSite();
    const withoutCatalog = await startPortolan([
      ...["--consul-addr", "http://127.0.0.1:1", "--output", other.chart, "--state-dir", other.stateDir],
    ]);
    const { host: troubled } = new URL(withoutCatalog.url);
    await copyFile(join(ROOT, "deploy/alerts.yml"), join(folder, "alerts.yml"));
    await writeFile(
      config,
      shipped
        .replace("labels: { node: lb-1 }", `$&\n      - targets: ["${troubled}"]\n        labels: { node: lb-2 }`)
        .replaceAll("192.168.11.11:9532", host)
        .replaceAll("15s", "1s")
        .replace("30s", "1s")
        .replaceAll(/192\.168\.11\.11:\d+/g, "127.0.0.1:1"),
    );
    const process = await startServerProcess(prometheus, {
      args: [
        `--config.file=${config}`,
        `--storage.tsdb.path=${join(folder, "prometheus")}`,
        `--web.listen-address=127.0.0.1:${own}`,
      ],
      isReady: async () => (await fetch(`http://127.0.0.1:${own}/-/ready`)).ok,
    });
    try {
      const targets = async () => {
        const response = await fetch(`http://127.0.0.1:${own}/api/v1/targets?state=active`);
        const { data } = (await response.json()) as {
          readonly data: { readonly activeTargets: readonly ActiveTarget[] };
        };
        return data.activeTargets;
      };
      const isUp = (url: string) => async () =>
        (await targets()).some(({ scrapeUrl, health }) => scrapeUrl === url && health === "up");
      await until(isUp(`http://127.0.0.1:${port}/stats`), { timeoutMs: 20_000, what: "the target to be up" });
      await until(isUp(`http://${host}/metrics`), { timeoutMs: 20_000, what: "portolan to be up" });
      const found = (await targets()).find(({ scrapeUrl }) => scrapeUrl.endsWith("/stats"));
      expect(found?.labels).toEqual({
        instance: `127.0.0.1:${port}`,
        job: "orders-metrics",
        node: "node-1",
        datacenter: "dc1",
      });
      expect((await targets()).map(({ labels }) => labels["job"])).toContain("traefik");
      // Pending until it has lasted; alerts.test.ts sees them fire.
      const alerts = async () => {
        const response = await fetch(`http://127.0.0.1:${own}/api/v1/alerts`);
        const { data } = (await response.json()) as { readonly data: { readonly alerts: readonly ActiveAlert[] } };
        return data.alerts.map(({ labels }) => `${labels["alertname"]} ${labels["instance"]}`).sort(compareBytes);
      };
      // Before its first scrape Prometheus has no portolan at all.
      await until(async () => (await alerts()).join() === `PortolanNotReady ${troubled}`, {
        timeoutMs: 20_000,
        what: "the absence of one portolan's catalog to be seen, and nothing else",
      });
    } finally {
      await process.stop();
      await withoutCatalog.stop();
      await other.remove();
    }
  });
});
