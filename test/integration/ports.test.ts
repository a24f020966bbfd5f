import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { DiagnosticsAnswer } from "../../src/api/resources/diagnostics.ts";
import { type CatalogServer, startCatalogServer } from "../../src/simulator/server.ts";
import { createCatalog } from "../../src/simulator/state/catalog.ts";
import { until } from "../support/await-until.ts";
import { startPortolan } from "../support/portolan-process.ts";
import { createSite, type Site } from "./site.ts";

const catalog = createCatalog();
let site: Site;
let server: CatalogServer;

beforeEach(async () => {
  site = await createSite();
  server = await startCatalogServer({ catalog });
});
afterEach(async () => {
  await server.close();
  await site.remove();
});

test("run reads the ledger again on SIGHUP, and keeps the old one where the new one is broken", async () => {
  const Tags = ["traefik.enable=true"];
  for (const [Service, Port] of Object.entries({ neighbour: 24_001, legacy: 8081 })) {
    catalog.register({ Node: "node-1", Address: "127.0.0.1", Service: { Service, Port, Tags } });
  }
  const ledger = join(site.watched, "..", "ledger.yml");
  await writeFile(ledger, "ports: [{ ports: 30900, owner: minio, exposure: never, purpose: S3 }]\n");
  const settings = await site.settings(`ports: { ledger: ${ledger} }\npublish: { quiet: 10ms }\n`);
  const sources = ["--settings", settings, "--consul-addr", server.url];
  const portolan = await startPortolan([...sources, "--output", site.chart, "--state-dir", site.stateDir]);
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
