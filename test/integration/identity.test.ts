import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { until } from "../support/await-until.ts";
import { type CatalogClient, createCatalogClient } from "../support/catalog-client.ts";
import {
  ACLS_ON,
  type ConsulAcl,
  createConsulAcl,
  createJwtIssuer,
  MASTER_TOKEN,
  READ_RULES,
} from "../support/consul-acl.ts";
import { type PortolanProcess, runPortolan, startPortolan } from "../support/portolan-process.ts";
import { findTool } from "../support/real-binaries.ts";
import { type RealConsul, startRealConsul } from "../support/real-consul.ts";
import { createSite, registerService, type Site } from "./site.ts";

const tool = await findTool("consul");

describe.skipIf(tool === undefined)("a login with a workload's identity at real Consul", () => {
  let site: Site;
  let consul: RealConsul;
  let acl: ConsulAcl;
  let catalog: CatalogClient;
  let portolan: PortolanProcess | undefined;
  beforeEach(async () => {
    if (tool === undefined) throw new Error("skipped without Consul");
    site = await createSite();
    consul = await startRealConsul(tool, { hcl: ACLS_ON, token: MASTER_TOKEN });
    acl = createConsulAcl(consul.url);
    catalog = createCatalogClient(consul.url, MASTER_TOKEN);
    await acl.put("/v1/acl/policy", { Name: "portolan", Rules: READ_RULES });
    await acl.put("/v1/acl/role", { Name: "portolan", Policies: [{ Name: "portolan" }] });
  });
  afterEach(async () => {
    await portolan?.stop();
    portolan = undefined;
    await consul.stop();
    await site.remove();
  });

  const issuer = createJwtIssuer("RS256");

  function identity(job: string, more: object = {}): string {
    const nowSeconds = Math.floor(Date.now() / 1_000);
    const validity = { iat: nowSeconds - 10, nbf: nowSeconds - 10, exp: nowSeconds + 3_600 };
    return issuer.issue({ iss: "nomad", aud: ["consul.io"], sub: job, nomad_job_id: job, ...validity, ...more });
  }

  async function createAuthMethod(): Promise<void> {
    await acl.put("/v1/acl/auth-method", {
      Name: "edge",
      Type: "jwt",
      MaxTokenTTL: "1m",
      Config: {
        ...{ JWTValidationPubKeys: [issuer.publicKey], JWTSupportedAlgs: ["RS256"] },
        ...{ BoundIssuer: "nomad", BoundAudiences: ["consul.io"], ClaimMappings: { nomad_job_id: "job" } },
      },
    });
    const Selector = 'value.job == "portolan"';
    await acl.put("/v1/acl/binding-rule", { AuthMethod: "edge", BindType: "role", BindName: "portolan", Selector });
  }

  const jwtFile = () => join(site.stateDir, "..", "nomad_portolan.jwt");

  async function flags(): Promise<readonly string[]> {
    const login = `{ authMethod: edge, jwtFile: ${jwtFile()}, meta: { node: edge-1 } }`;
    const settings = await site.settings(`consul: { address: "${consul.url}", login: ${login} }\n`);
    return ["--settings", settings, "--output", site.chart, "--state-dir", site.stateDir];
  }

  async function start(): Promise<PortolanProcess> {
    return await startPortolan(await flags());
  }

  async function chartShows(name: string): Promise<void> {
    await until(async () => (await site.chartText()).includes(`${name}.test`), {
      timeoutMs: 20_000,
      what: `${name} in the chart`,
    });
  }

  test("reads with the token that Consul gives, gets another when that is revoked, and gives the last one back", async () => {
    await createAuthMethod();
    await writeFile(jwtFile(), identity("portolan"), { mode: 0o600 });
    await registerService(catalog, "web", 24_001);
    portolan = await start();
    await chartShows("web");
    const [first, ...others] = await acl.loginTokens();
    expect(others).toEqual([]);

    await acl.revoke(first?.AccessorID ?? "");
    await registerService(catalog, "wiki", 24_002);
    await chartShows("wiki");
    const [second] = await acl.loginTokens();
    expect(second?.AccessorID).not.toBe(first?.AccessorID);

    expect(await portolan.stop()).toBe(0);
    expect(await acl.loginTokens()).toEqual([]);
    expect(portolan.events().filter(({ event }) => event === "credentials.renewed")).toEqual([
      expect.objectContaining({ msg: expect.stringMatching(/^consul\.login: Consul gave a token for 60 s/) }),
      expect.objectContaining({ msg: expect.stringContaining(String(second?.AccessorID)) }),
    ]);
    expect(portolan.log()).not.toContain(identity("portolan").slice(0, 30));
  });

  test("lasts as long as portolan once needs it", async () => {
    await createAuthMethod();
    await writeFile(jwtFile(), identity("portolan"), { mode: 0o600 });
    await registerService(catalog, "web", 24_001);
    expect(await runPortolan(["once", ...(await flags())])).toMatchObject({
      code: 0,
      stderr: expect.stringContaining("Consul gave a token"),
    });
    expect(await site.chartText()).toContain("web.test");
    expect(await acl.loginTokens()).toEqual([]);
  });

  test("that is refused is reported with its remedy, and tried until it succeeds", async () => {
    await writeFile(jwtFile(), identity("another-job"), { mode: 0o600 });
    await registerService(catalog, "web", 24_001);
    portolan = await start();
    const told = (text: string) => () => portolan?.log().includes(text);
    await until(told('auth method \\"edge\\"'), { timeoutMs: 10_000, what: "a word about the auth method" });
    await createAuthMethod();
    await writeFile(jwtFile(), identity("portolan"), { mode: 0o600 });
    await chartShows("web");
    expect(portolan.events().filter(({ event }) => event === "source.failing")).toEqual([
      expect.objectContaining({ code: "E_CATALOG_LOGIN", target: "complete read" }),
    ]);
  });

  const secondsFromNow = (seconds: number) => Math.floor(Date.now() / 1_000) + seconds;

  test.each<[string, () => object, RegExp]>([
    [
      "another audience",
      () => ({ aud: ["vault.io"] }),
      /the JWT is for the audience "vault\.io" \(aud\); .*BoundAudiences/,
    ],
    [
      "an end that is over",
      () => ({ iat: secondsFromNow(-7_200), nbf: secondsFromNow(-7_200), exp: secondsFromNow(-3_600) }),
      /the JWT expired at \d{4}-\d\d-\d\dT[\d:]+Z: its issuer must renew it/,
    ],
    [
      "a beginning to come",
      () => ({ nbf: secondsFromNow(3_600), exp: secondsFromNow(7_200) }),
      /not valid before .*timedatectl/,
    ],
  ])("with a JWT of %s is told once, and taken as soon as the file holds a right one", async (_what, claims, told) => {
    await createAuthMethod();
    await writeFile(jwtFile(), identity("portolan", claims()), { mode: 0o600 });
    await registerService(catalog, "web", 24_001);
    portolan = await start();
    const failing = () => portolan?.events().filter(({ event }) => event === "source.failing") ?? [];
    await until(() => failing().length > 0, { timeoutMs: 10_000, what: "a word about the JWT" });
    expect(failing()).toEqual([expect.objectContaining({ code: "E_CATALOG_LOGIN", msg: expect.stringMatching(told) })]);
    await writeFile(jwtFile(), identity("portolan"), { mode: 0o600 });
    await chartShows("web");
    expect(failing()).toHaveLength(1);
  });

  test("does not keep a stopping portolan when Consul no longer answers", async () => {
    await createAuthMethod();
    await writeFile(jwtFile(), identity("portolan"), { mode: 0o600 });
    await registerService(catalog, "web", 24_001);
    portolan = await start();
    await chartShows("web");
    await consul.kill("SIGSTOP");
    try {
      expect(await portolan.stop()).toBe(0);
    } finally {
      await consul.kill("SIGCONT");
    }
    expect(portolan.log()).toMatch(/token with accessor [0-9a-f-]{36} is left over/);
  });
});
