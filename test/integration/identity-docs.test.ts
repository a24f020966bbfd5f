import { execFile } from "node:child_process";
import { once } from "node:events";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { load } from "js-yaml";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { resolveSettings } from "../../src/config/resolve/resolve.ts";
import { until } from "../support/await-until.ts";
import { createCatalogClient } from "../support/catalog-client.ts";
import { ACLS_ON, createJwtIssuer, MASTER_TOKEN } from "../support/consul-acl.ts";
import { startPortolan } from "../support/portolan-process.ts";
import { findTool } from "../support/real-binaries.ts";
import { type RealConsul, startRealConsul } from "../support/real-consul.ts";
import { createSite, registerService, type Site } from "./site.ts";

const run = promisify(execFile);
const PAGE = await readFile(join(import.meta.dirname, "../../docs/identity.md"), "utf8");

function blocks(language: string): readonly string[] {
  return [...PAGE.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\`$`, "gms"))].map(([, text = ""]) => text);
}

const tool = await findTool("consul");

describe.skipIf(tool?.kind !== "binary")("docs/identity.md", () => {
  let site: Site;
  let consul: RealConsul;
  let nomad: Server;
  const issuer = createJwtIssuer("RS256");
  const directory = () => join(site.watched, "..", "etc");

  /** The page's paths and addresses, replaced by this test's own. */
  function here(text: string): string {
    const { port } = nomad.address() as AddressInfo;
    return text.replaceAll("/etc/portolan", directory()).replaceAll("127.0.0.1:4646", `127.0.0.1:${port}`);
  }

  beforeAll(async () => {
    if (tool?.kind !== "binary") throw new Error("skipped without Consul's program");
    site = await createSite();
    await mkdir(directory());
    nomad = createServer(({ url }, response) => {
      response.setHeader("Content-Type", "application/json");
      response.end(url === "/.well-known/jwks.json" ? JSON.stringify(issuer.jwks) : "{}");
    });
    await once(nomad.listen(0, "127.0.0.1"), "listening");
    consul = await startRealConsul(tool, { hcl: ACLS_ON, token: MASTER_TOKEN });
    await registerService(createCatalogClient(consul.url, MASTER_TOKEN), "web", 24_001);
    const stubs = join(site.watched, "..", "stubs");
    await mkdir(stubs);
    // There is no Nomad here: it notes what it was asked for, and reads the policy as the real one would.
    const noting = `#!/bin/sh\necho "nomad $*" >> ${stubs}/asked\ncat >> ${stubs}/asked\n`;
    await writeFile(join(stubs, "nomad"), noting, { mode: 0o755 });
    const PATH = `${dirname(tool.path)}:${stubs}:${process.env.PATH}`;
    const env = { PATH, CONSUL_HTTP_ADDR: consul.url, CONSUL_HTTP_TOKEN: MASTER_TOKEN };
    await run("consul", ["tls", "ca", "create"], { cwd: directory(), env });
    for (const block of blocks("sh")) await run("sh", ["-eu", "-c", here(block)], { cwd: directory(), env });
  });
  afterAll(async () => {
    nomad.closeAllConnections();
    nomad.close();
    await consul.stop();
    await site.remove();
  });

  async function charts(settingsBlock: string): Promise<void> {
    // The chart of an earlier process must not be taken for this one's.
    for (const path of [site.chart, site.stateDir]) await rm(path, { recursive: true, force: true });
    const settings = await site.settings(here(settingsBlock));
    const flags = ["--settings", settings, "--consul-addr", consul.url, "--state-dir", site.stateDir];
    const portolan = await startPortolan([...flags, "--output", site.chart]);
    try {
      const isThere = async () => (await site.chartText()).includes("web.test");
      await until(isThere, { timeoutMs: 10_000, what: "the chart" });
      expect(portolan.log()).not.toContain("settings.warning");
    } finally {
      await portolan.stop();
    }
  }

  test("its policy for other namespaces of Nomad's goes to the job, as it is printed", async () => {
    const asked = await readFile(join(site.watched, "..", "stubs", "asked"), "utf8");
    expect(asked).toBe(
      'nomad acl policy apply -namespace default -job portolan portolan-nomad -\nnamespace "team" {\n  capabilities = ["read-job"]\n}\n',
    );
  });

  test("its token in a file is enough to read the catalog", async () => {
    const [tokenInFile = ""] = blocks("yaml");
    await charts(tokenInFile);
  });

  test("its login is", async () => {
    const nowSeconds = Math.floor(Date.now() / 1_000);
    const validity = { iat: nowSeconds - 10, nbf: nowSeconds - 10, exp: nowSeconds + 3_600 };
    const claims = { aud: ["consul.io"], sub: "x", nomad_namespace: "default", nomad_job_id: "portolan", ...validity };
    await writeFile(join(directory(), "identity.jwt"), issuer.issue(claims), { mode: 0o600 });
    const [, login = ""] = blocks("yaml");
    await charts(login);
  });

  test("its client certificate has the files that its settings name", async () => {
    const [, , mutualTls = ""] = blocks("yaml");
    const content = { ...Object(load(mutualTls)), output: { file: "chart.yml" }, stateDir: "state" };
    const resolved = resolveSettings({ file: { name: "identity.md", content }, environment: {}, flags: {} });
    expect(resolved.kind).toBe("resolved");
    const files = mutualTls.match(/(?<=\/etc\/portolan\/)\S+/g) ?? [];
    expect(files).toHaveLength(3);
    expect(await readdir(directory())).toEqual(expect.arrayContaining(files));
  });
});
