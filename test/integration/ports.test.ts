import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { DiagnosticsAnswer } from "../../src/api/resources/diagnostics.ts";
import { type CatalogServer, startCatalogServer } from "../../src/simulator/server.ts";
import { createCatalog } from "../../src/simulator/state/catalog.ts";
import { until } from "../support/await-until.ts";
import { startPortolan } from "../support/portolan-process.ts";
import { createSite, type Site } from "./site.ts";

const MINIO = "  - { ports: 30900, owner: minio, exposure: never, nodes: [node-1], purpose: S3 }\n";

let site: Site;
let server: CatalogServer;
let ledger: string;
let settings: string;
const catalog = createCatalog();

function register(service: string, port: number, node = "node-1", tags: readonly string[] = []): void {
  catalog.register({ Node: node, Address: "127.0.0.1", Service: { Service: service, Port: port, Tags: tags } });
}

beforeEach(async () => {
  catalog.wipe();
  site = await createSite();
  server = await startCatalogServer({ catalog });
  ledger = join(site.watched, "..", "ledger.yml");
  await writeFile(ledger, `ports:\n${MINIO}`);
  settings = await site.settings(`ports: { ledger: ${ledger} }\npublish: { quiet: 10ms }\n`);
});
afterEach(async () => {
  await server.close();
  await site.remove();
});

const args = () => ["--settings", settings, "--consul-addr", server.url];

test("run reads the ledger again on SIGHUP, and keeps the old one where the new one is broken", async () => {
  const routed = ["traefik.enable=true"];
  register("neighbour", 24_001, "node-1", routed);
  register("legacy", 8081, "node-1", routed);
  const outputs = ["--output", site.chart, "--state-dir", site.stateDir];
  const portolan = await startPortolan([...args(), ...outputs]);
  const codes = async () => {
    const found = (await (await fetch(`${portolan.url}/v1/diagnostics`)).json()) as DiagnosticsAnswer;
    return found.diagnostics.map(({ code }) => code);
  };
  try {
    await until(async () => (await codes()).includes("PORT_OUTSIDE_WINDOW"), { timeoutMs: 5_000, what: "the refusal" });
    await writeFile(ledger, "ports:\n  - { ports: 8081, owner: legacy, exposure: ingress, purpose: until it moves }\n");
    portolan.kill("SIGHUP");
    await until(async () => (await site.chartText()).includes("127.0.0.1:8081"), {
      timeoutMs: 5_000,
      what: "the route",
    });
    await writeFile(ledger, "ports: 8081\n");
    portolan.kill("SIGHUP");
    await until(() => portolan.log().includes("the old settings stay in force"), {
      timeoutMs: 5_000,
      what: "the word",
    });
    expect(await site.chartText()).toContain("127.0.0.1:8081");
  } finally {
    await portolan.stop();
  }
});
