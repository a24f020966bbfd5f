import { execFile } from "node:child_process";
import { once } from "node:events";
import { access, chmod, cp, mkdir, mkdtemp, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { loadSettings } from "../../src/config/load.ts";
import { until } from "../support/await-until.ts";
import { createCatalogClient } from "../support/catalog-client.ts";
import { ACLS_ON, createConsulAcl, createJwtIssuer, MASTER_TOKEN } from "../support/consul-acl.ts";
import { JOBS, readJob, renderTemplate } from "../support/job-files.ts";
import { startPortolan } from "../support/portolan-process.ts";
import { findTool } from "../support/real-binaries.ts";
import { type RealConsul, startRealConsul } from "../support/real-consul.ts";
import { createSite, registerService, type Site } from "./site.ts";

const run = promisify(execFile);
const ROOT = join(JOBS, "..");
const PAGE = await readFile(join(JOBS, "README.md"), "utf8");
const IDENTITY = await readFile(join(ROOT, "docs/identity.md"), "utf8");
const BLOCKS = [...PAGE.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, text = ""]) => text);

/** The page's block of commands that has this text. */
function block(text: string): string {
  const found = BLOCKS.filter((one) => one.includes(text));
  if (found.length !== 1) throw new Error(`${found.length} blocks have ${JSON.stringify(text)}`);
  return found[0] ?? "";
}

const jobspec = await findTool("jobspec");
const consulTool = await findTool("consul");

describe("nomad-jobs/README.md", () => {
  let machine: string;
  beforeAll(async () => {
    machine = await mkdtemp(join(tmpdir(), "portolan-readme-"));
    for (const directory of ["bin", "checkout", "opt", "etc/nomad.d"]) {
      await mkdir(join(machine, directory), { recursive: true });
    }
    for (const name of ["deploy", "nomad-jobs"]) await symlink(join(ROOT, name), join(machine, "checkout", name));
    // Programs that would change a machine or a cluster: they only say how they were called.
    for (const program of ["docker", "nomad", "systemctl", "curl"]) {
      const path = join(machine, "bin", program);
      await writeFile(path, `#!/bin/sh\necho ${program} "$@" >> ${machine}/calls\n`);
      await chmod(path, 0o755);
    }
  });
  afterAll(() => rm(machine, { recursive: true }));

  /** Plays a block below a directory, with this process's user in place of the image's; what it called. */
  async function play(text: string): Promise<readonly string[]> {
    const here = text
      .replaceAll(/(?<=\s)\/(?=(?:etc|opt)\/)/g, `${machine}/`)
      .replaceAll("-o 1000 -g 1000", `-o ${process.getuid?.()} -g ${process.getgid?.()}`);
    await writeFile(join(machine, "calls"), "");
    const env = { ...process.env, PATH: `${join(machine, "bin")}:${process.env.PATH}` };
    await run("sh", ["-eu", "-c", here], { cwd: join(machine, "checkout"), env });
    return (await readFile(join(machine, "calls"), "utf8")).trim().split("\n");
  }

  test("begins with three commands", async () => {
    expect(BLOCKS[0]?.trim().split("\n")).toHaveLength(3);
    expect(await play(BLOCKS[0] ?? "")).toEqual([
      "docker build -t portolan:0.1.0 .",
      "nomad job run nomad-jobs/edge.nomad.hcl",
      "nomad job run nomad-jobs/demo/web.nomad.hcl",
    ]);
    const edge = await readFile(join(JOBS, "edge.nomad.hcl"), "utf8");
    expect(edge).toContain('default     = "portolan:0.1.0"');
  });

  test("names files that are there", async () => {
    const named = [...PAGE.matchAll(/nomad-jobs\/[\w./-]+\w/g)].map(([path]) => path);
    expect(named.length).toBeGreaterThan(5);
    for (const path of new Set(named)) await access(join(ROOT, path));
    for (const [, path = ""] of PAGE.matchAll(/^\| `([\w./-]+)` \|/gm)) await access(join(JOBS, path));
  });

  test.skipIf(jobspec === undefined)("prepares an edge node for the volumes that the jobs ask for", async () => {
    expect(await play(block("/etc/nomad.d/edge.hcl"))).toEqual(["systemctl restart nomad"]);
    const client = await readFile(join(machine, "etc/nomad.d/edge.hcl"), "utf8");
    const volumes = [...client.matchAll(/host_volume "([\w-]+)" \{\s*path = "([^"]+)"/g)].map(([, ...pair]) => pair);
    const [group] = (await readJob(jobspec!, "portolan.nomad.hcl")).TaskGroups;
    const wanted = Object.values(group?.Volumes ?? {}).map(({ Source }) => Source);
    expect(new Set(volumes.map(([name]) => name))).toEqual(new Set(wanted));
    expect(client).toMatch(/meta \{\s*edge = "true"/);
    const modes: Record<string, number> = { "traefik-dynamic": 0o2750, "portolan-state": 0o700 };
    for (const [name = "", path = ""] of volumes) {
      expect((await stat(join(machine, path))).mode & 0o7777, name).toBe(modes[name]);
    }
  });

  test("puts settings, policy and ledger that are sound into the variable that the job reads", async () => {
    const calls = await play(block("nomad var put"));
    expect(calls).toEqual([
      "nomad var put -force nomad/jobs/portolan settings=@settings.yml policy=@policy.yml ledger=@ledger.yml",
    ]);
    const flags = { settings: join(machine, "checkout/settings.yml"), output: "/c/c.yml", "state-dir": "/s" };
    const settings = await loadSettings(flags, {});
    expect(settings).toMatchObject({ loadedPolicy: expect.anything(), loadedLedger: expect.anything() });
    const job = await readFile(join(JOBS, "portolan.nomad.hcl"), "utf8");
    for (const item of ["settings", "policy", "ledger"]) expect(job).toContain(`with .${item} }@`);
    expect(job).toContain("nomadVarExists `nomad/jobs/portolan`");
  });

  test.skipIf(jobspec === undefined)(
    "gives orders without a flag, since the tasks say where the settings are",
    async () => {
      const commands = block("nomad alloc exec").match(/(?<=-task portolan -job portolan )portolan [^#\n]*/g) ?? [];
      expect(commands.map((command) => command.trim())).toEqual(
        ["status", "routes", "rollback", "release"].map((name) => `portolan ${name}`),
      );
      for (const file of ["portolan.nomad.hcl", "edge.nomad.hcl"]) {
        const task = (await readJob(jobspec!, file)).TaskGroups[0]?.Tasks.find(({ Name }) => Name === "portolan");
        expect(task?.Env, file).toEqual({ PORTOLAN_SETTINGS: `\${NOMAD_TASK_DIR}/portolan.yml` });
        expect(task?.Config["args"], file).not.toContain("--settings");
      }
    },
  );

  test("has in acl/ what docs/identity.md has", async () => {
    const file = (name: string) => readFile(join(JOBS, "acl", name), "utf8");
    expect(IDENTITY).toContain(`-rules - <<'EOF'\n${await file("consul-policy.hcl")}EOF`);
    expect(IDENTITY).toContain(`<<'EOF'\n${await file("consul-auth-method.json")}EOF`);
    expect(IDENTITY).toContain(`-selector '${(await file("consul-binding-rule.txt")).trim()}'`);
    expect(IDENTITY).toContain(`\`\`\`hcl\n${await file("nomad-policy.hcl")}\`\`\``);
    for (const path of PAGE.match(/nomad-jobs\/acl\/[\w.-]+\w/g) ?? []) await access(join(ROOT, path));
  });
});

describe.skipIf(jobspec === undefined || consulTool?.kind !== "binary")(
  "at a Consul with the ACLs of nomad-jobs/acl",
  () => {
    let site: Site;
    let consul: RealConsul;
    let nomad: Server;
    const issuer = createJwtIssuer("RS256");
    const checkout = () => join(site.watched, "../checkout");

    beforeAll(async () => {
      if (consulTool?.kind !== "binary") throw new Error("skipped without Consul's program");
      site = await createSite();
      nomad = createServer((_, response) => {
        response.setHeader("Content-Type", "application/json");
        response.end(JSON.stringify(issuer.jwks));
      });
      await once(nomad.listen(0, "127.0.0.1"), "listening");
      consul = await startRealConsul(consulTool, { hcl: ACLS_ON, token: MASTER_TOKEN });
      await registerService(createCatalogClient(consul.url, MASTER_TOKEN), "web", 24_001);
      await cp(JOBS, join(checkout(), "nomad-jobs"), { recursive: true });
      const method = join(checkout(), "nomad-jobs/acl/consul-auth-method.json");
      const { port } = nomad.address() as AddressInfo;
      await writeFile(method, (await readFile(method, "utf8")).replace("127.0.0.1:4646", `127.0.0.1:${port}`));
      const PATH = `${dirname(consulTool.path)}:${process.env.PATH}`;
      const env = { PATH, CONSUL_HTTP_ADDR: consul.url, CONSUL_HTTP_TOKEN: MASTER_TOKEN };
      await run("sh", ["-eu", "-c", block("consul acl policy create")], { cwd: checkout(), env });
    });
    afterAll(async () => {
      nomad.closeAllConnections();
      nomad.close();
      await consul.stop();
      await site.remove();
    });

    /** Writes what Nomad's client would for the task of a job with this id, and runs portolan with it. */
    async function startAs(job: string) {
      const secrets = join(site.watched, "../secrets");
      await mkdir(secrets, { recursive: true });
      const nowSeconds = Math.floor(Date.now() / 1_000);
      const validity = { iat: nowSeconds - 10, nbf: nowSeconds - 10, exp: nowSeconds + 3_600 };
      const claims = { aud: ["consul.io"], sub: job, nomad_namespace: "default", nomad_job_id: job, ...validity };
      await writeFile(join(secrets, "nomad_portolan.jwt"), issuer.issue(claims), { mode: 0o600 });
      await writeFile(join(secrets, "nomad_token"), "e30.e30.e30", { mode: 0o600 });
      const read = await readJob(jobspec!, "portolan.nomad.hcl", { identities: "true", login: "portolan" });
      const template = read.TaskGroups[0]?.Tasks[0]?.Templates?.find(
        ({ DestPath }) => DestPath === "local/portolan.yml",
      );
      const settings = await site.settings(
        await renderTemplate(jobspec!, template!, { environment: { NOMAD_SECRETS_DIR: secrets } }),
      );
      const flags = ["--settings", settings, "--consul-addr", consul.url, "--output", site.chart];
      return await startPortolan([...flags, "--state-dir", site.stateDir]);
    }

    test("another job of Nomad's gets no token by its identity", async () => {
      const portolan = await startAs("shop");
      try {
        const isTold = () => portolan.events().some(({ code }) => code === "E_CATALOG_LOGIN");
        await until(isTold, { timeoutMs: 10_000, what: "a word about the login" });
        expect(await createConsulAcl(consul.url).loginTokens()).toEqual([]);
      } finally {
        await portolan.stop();
      }
    });

    test("the job charts the catalog with its own identity, and gives its token back", async () => {
      const portolan = await startAs("portolan");
      try {
        const isCharted = async () => (await site.chartText().catch(() => "")).includes("web.test");
        await until(isCharted, { timeoutMs: 10_000, what: "the chart" });
        expect(await createConsulAcl(consul.url).loginTokens()).toHaveLength(1);
      } finally {
        await portolan.stop();
      }
      expect(await createConsulAcl(consul.url).loginTokens()).toEqual([]);
    });
  },
);
