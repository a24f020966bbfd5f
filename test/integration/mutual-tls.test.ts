import { copyFile, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { until } from "../support/await-until.ts";
import { type CatalogClient, createCatalogClient } from "../support/catalog-client.ts";
import { type Authority, type Certificate, makeAuthority } from "../support/certificates.ts";
import { freePorts } from "../support/free-port.ts";
import { type PortolanProcess, startPortolan } from "../support/portolan-process.ts";
import { findTool } from "../support/real-binaries.ts";
import { type RealConsul, startRealConsul } from "../support/real-consul.ts";
import { createSite, registerService, type Site } from "./site.ts";

const tool = await findTool("consul");

describe.skipIf(tool === undefined)("client certificates at real Consul", () => {
  let site: Site;
  let consul: RealConsul;
  let catalog: CatalogClient;
  let portolan: PortolanProcess | undefined;
  let port: number | undefined;
  /** The authorities of the clients that Consul lets in, one after the other. */
  let before: Authority;
  let after: Authority;

  const file = (name: string) => join(site.watched, "..", name);

  beforeEach(async () => {
    if (tool === undefined) throw new Error("skipped without Consul");
    site = await createSite();
    const servers = makeAuthority(file("."), "servers");
    before = makeAuthority(file("."), "before");
    after = makeAuthority(file("."), "after");
    const server = servers.sign("server", "subjectAltName=DNS:server.dc1.consul,IP:127.0.0.1");
    await admit(before, after);
    [port] = await freePorts(1);
    const hcl = [
      `ports { https = ${port} }`,
      `ca_file = "${file("admitted")}"`,
      `cert_file = "${server.cert}"`,
      `key_file = "${server.key}"`,
      "verify_incoming_https = true",
    ].join("\n");
    consul = await startRealConsul(tool, { hcl, isPersistent: true });
    catalog = createCatalogClient(consul.url);
  });
  afterEach(async () => {
    await portolan?.stop();
    portolan = undefined;
    await consul.stop();
    await site.remove();
  });

  /** Consul reads this file at its start. */
  async function admit(...authorities: readonly Authority[]): Promise<void> {
    const admitted = await Promise.all(authorities.map(({ cert }) => readFile(cert, "utf8")));
    await writeFile(file("admitted"), admitted.join(""));
  }

  async function install({ cert, key }: Certificate): Promise<void> {
    await copyFile(key, file("client-key.pem"));
    await copyFile(cert, file("client.pem"));
  }

  async function start(): Promise<PortolanProcess> {
    const tls = `{ caFile: ${file("servers.pem")}, certFile: ${file("client.pem")}, keyFile: ${file("client-key.pem")} }`;
    const settings = await site.settings(`consul: { address: "https://127.0.0.1:${port}", wait: 2s, tls: ${tls} }\n`);
    return await startPortolan(["--settings", settings, "--output", site.chart, "--state-dir", site.stateDir]);
  }

  async function chartShows(name: string): Promise<void> {
    await until(async () => (await site.chartText()).includes(`${name}.test`), {
      timeoutMs: 10_000,
      what: `${name} in the chart`,
    });
  }

  const told = (event: string) => portolan?.events().filter((entry) => entry["event"] === event) ?? [];

  test("may be replaced while it is in use, and the old one's authority withdrawn", async () => {
    const old = before.sign("old", "extendedKeyUsage=clientAuth");
    await install(old);
    await registerService(catalog, "web", 24_001);
    portolan = await start();
    await chartShows("web");

    await install(after.sign("new", "extendedKeyUsage=clientAuth"));
    await until(() => told("credentials.renewed").length > 0, { timeoutMs: 10_000, what: "the new files to be read" });
    await admit(after);
    await consul.restart();
    await registerService(catalog, "wiki", 24_002);
    await chartShows("wiki");
    const secrets = (await readFile(old.key, "utf8")).split("\n").slice(1, 3);
    for (const secret of secrets) expect(portolan.log()).not.toContain(secret.slice(0, 16));
  });

  test("whose key does not fit is reported and not used, and the next pair that fits is", async () => {
    const old = before.sign("old", "extendedKeyUsage=clientAuth");
    const next = after.sign("new", "extendedKeyUsage=clientAuth");
    await install(old);
    await registerService(catalog, "web", 24_001);
    portolan = await start();
    await chartShows("web");

    await copyFile(next.cert, file("client.pem"));
    await until(() => told("credentials.warning").length > 0, { timeoutMs: 10_000, what: "a word about the pair" });
    expect(told("credentials.warning")).toEqual([
      expect.objectContaining({ msg: expect.stringMatching(/^consul\.tls: .*do not belong together/) }),
    ]);
    await consul.restart();
    await registerService(catalog, "wiki", 24_002);
    await chartShows("wiki");

    await install(next);
    await until(() => told("credentials.renewed").length > 0, { timeoutMs: 10_000, what: "the new files to be read" });
  });

  test("that is not admitted is reported as what it is, and the remedy works without a restart", async () => {
    await admit(after);
    await consul.restart();
    await install(before.sign("old", "extendedKeyUsage=clientAuth"));
    await registerService(catalog, "web", 24_001);
    portolan = await start();
    await until(() => told("source.failing").length > 0, { timeoutMs: 10_000, what: "a word about the refusal" });
    expect(told("source.failing")[0]?.["msg"]).toMatch(/the server refuses our client certificate; .*tls\.certFile/);
    await install(after.sign("new", "extendedKeyUsage=clientAuth"));
    await chartShows("web");
  });
});
