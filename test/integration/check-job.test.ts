import { execFile } from "node:child_process";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { checkJobCommand } from "../../src/cli/words/check/job.ts";
import { createNomadCatalog } from "../../src/simulator/nomad/catalog.ts";
import { startNomadServer } from "../../src/simulator/nomad/server.ts";
import { type CatalogServer, startCatalogServer } from "../../src/simulator/server.ts";
import { type Catalog, createCatalog } from "../../src/simulator/state/catalog.ts";
import { jobOf, staticPort } from "../builders/job.ts";
import { printed } from "../cli/commands/check/printed.ts";
import { JOBS, listJobFiles, readJob } from "../support/job-files.ts";
import { findTool } from "../support/real-binaries.ts";

const run = promisify(execFile);
const tool = await findTool("jobspec");

/** Variables that a file must be given. */
const VARIABLES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "demo/microservice.nomad.hcl": { image: "orders:1" },
  "demo/windmill.nomad.hcl": { image: "windmill:1" },
};

describe.skipIf(tool === undefined)("portolan check job beside a Consul and a Nomad", () => {
  let folder: string;
  let consul: CatalogServer;
  let nomad: CatalogServer;
  let catalog: Catalog;

  /** Nomad's own parser, as a program. */
  async function parseJob(hcl: string): Promise<unknown> {
    if (tool?.kind !== "binary") throw new Error("skipped without jobspec");
    const file = join(folder, "parsed.nomad.hcl");
    await writeFile(file, hcl);
    const { stdout } = await run(tool.path, ["job", file]).catch(({ stderr }) => {
      throw new Error(String(stderr));
    });
    return JSON.parse(stdout);
  }

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "portolan-check-job-"));
    catalog = createCatalog({ datacenter: "doggos-homelab" });
    [consul, nomad] = await Promise.all([
      startCatalogServer({ catalog }),
      startNomadServer({ catalog: createNomadCatalog({ parseJob }) }),
    ]);
    // The homelab's own settings, at these addresses.
    await cp(join(JOBS, "../deploy/examples/homelab"), folder, { recursive: true });
    const written = await readFile(join(folder, "portolan.yml"), "utf8");
    const moved = written
      .replaceAll(/http:\/\/[0-9.]+:8500/g, consul.url)
      .replaceAll(/http:\/\/[0-9.]+:4646/g, nomad.url);
    await writeFile(join(folder, "portolan.yml"), moved);
  });
  afterAll(async () => {
    await Promise.all([consul.close(), nomad.close()]);
    await rm(folder, { recursive: true });
  });
  beforeEach(() => {
    for (const name of ["PORTOLAN_SETTINGS", "CONSUL_HTTP_ADDR", "NOMAD_ADDR"]) vi.stubEnv(name, "");
  });

  async function check(text: string, flags: Readonly<Record<string, string>> = {}) {
    const file = join(folder, "checked.job");
    await writeFile(file, text);
    return await printed(checkJobCommand, [file], { settings: join(folder, "portolan.yml"), ...flags });
  }

  const hclOf = (file: string) => readFile(join(JOBS, file), "utf8");

  /** What is no page asks for an entry point of its own, which the homelab does not have. */
  const NO_PAGES = ["demo/tcp.nomad.hcl", "demo/udp.nomad.hcl"];

  test("every job file of nomad-jobs/ passes by the homelab's settings, of which all could be asked", async () => {
    if (tool === undefined) return;
    for (const file of await listJobFiles()) {
      if (NO_PAGES.includes(file)) continue;
      const { code, stdout } = await check(JSON.stringify({ Job: await readJob(tool, file, VARIABLES[file]) }));
      expect(code, `${file}: ${stdout}`).toBe(0);
      expect(stdout, file).not.toContain("NOT_ASKED");
      if (file.startsWith("demo/")) expect(stdout, file).toMatch(/service \S+: (?:http|tcp|udp)\/routers\//);
    }
  });

  test("those for entry points that are not there are refused, and pass where they and the policy are opened", async () => {
    const open = { settings: join(folder, "open.yml") };
    const entryPoints = "entryPoints: [web, websecure, redis, dns]\n  defaultEntryPoints: [web, websecure]";
    const written = await readFile(join(folder, "portolan.yml"), "utf8");
    await writeFile(
      open.settings,
      written.replace("entryPoints: [web, websecure]", entryPoints).replace("policy.yml", "open-policy.yml"),
    );
    const rules = [
      "  - { service: cache, protocols: [tcp], tcpEntryPoints: [redis] }",
      "  - { service: resolver, protocols: [udp], udpEntryPoints: [dns] }",
    ];
    const policy = await readFile(join(folder, "policy.yml"), "utf8");
    await writeFile(join(folder, "open-policy.yml"), policy.replace("rules:", ["rules:", ...rules].join("\n")));
    for (const file of NO_PAGES) {
      const hcl = await hclOf(file);
      expect(await check(hcl), file).toMatchObject({ code: 1, stdout: expect.stringContaining("ENTRYPOINT_MISSING") });
      expect(await check(hcl, open), file).toMatchObject({ code: 0 });
    }
  });

  test("the answer that docs/before-deploying.md shows is the one that is given", async () => {
    const page = await readFile(join(JOBS, "../docs/before-deploying.md"), "utf8");
    const web = { Name: "web", PortLabel: "http", Tags: ["traefik.enable=true"] };
    const group = { Name: "web", Count: 2, Services: [web], ...staticPort(8500), Tasks: [{ Name: "web" }] };
    const { code, stdout } = await check(JSON.stringify({ Job: jobOf([group]) }));
    expect(code).toBe(1);
    const lines = (text: string) => text.replaceAll(/ports\.\d+/g, "ports.N");
    expect(lines(page)).toContain(lines(stdout.replace(join(folder, "checked.job"), "web.nomad.json")));
  });

  test("HCL is read by the Nomad of the settings, and means the same", async () => {
    const hcl = await hclOf("demo/web.nomad.hcl");
    expect(await check(hcl)).toEqual(await check(JSON.stringify({ Job: await parseJob(hcl) })));
  });

  test("what the parser refuses is told in its words, in one line", async () => {
    const hcl = await hclOf("demo/web.nomad.hcl");
    const { code, stdout } = await check(hcl.replace("shutdown_delay", "shutdown_dealy"));
    expect(code).toBe(1);
    expect(stdout).toMatch(
      /\n {2}JOB_REFUSED: Nomad cannot read it: .*shutdown_dealy.*\n {4}correct it: nomad job validate FILE\n$/,
    );
    const untold = await check(await hclOf("demo/windmill.nomad.hcl"));
    expect(untold).toMatchObject({
      code: 1,
      stdout: expect.stringContaining("nomad job run -output -var NAME=VALUE FILE"),
    });
  });

  test("a host that another service has now is told, and so is a port", async () => {
    catalog.register({
      Node: "node-1",
      Address: "192.168.11.21",
      Service: {
        Service: "old-web",
        Port: 24_111,
        Tags: ["traefik.enable=true", "traefik.http.routers.old.rule=Host(`web.lab.local`)"],
      },
    });
    const { code, stdout } = await check(await hclOf("demo/web.nomad.hcl"));
    catalog.deregister({ Node: "node-1", ServiceID: "old-web" });
    expect(code).toBe(1);
    expect(stdout).toMatch(/ {2}HOST_\w+: group web, service web: .*old-web/);
  });

  test("what does not answer is said, and the rest is judged", async () => {
    const nowhere = { settings: join(folder, "away.yml") };
    const written = await readFile(join(folder, "portolan.yml"), "utf8");
    await writeFile(nowhere.settings, written.replaceAll(/http:\/\/127\.0\.0\.1:\d+/g, "http://127.0.0.1:1"));
    const job = JSON.stringify(await parseJob(await hclOf("demo/web.nomad.hcl")));
    const { code, stdout } = await check(job, nowhere);
    expect(code).toBe(0);
    expect(stdout.match(/NOT_ASKED \(info\)/g)).toHaveLength(3);
    expect(stdout).toContain("service web: http/routers/web");
    await expect(check(await hclOf("demo/web.nomad.hcl"), nowhere)).rejects.toMatchObject({
      exitCode: 69,
      message: expect.stringMatching(
        /^Nomad at http:\/\/127\.0\.0\.1:1 does not read the job: .*; or convert it: nomad /,
      ),
    });
    expect(await check(await hclOf("demo/web.nomad.hcl"), { ...nowhere, "nomad-addr": nomad.url })).toMatchObject({
      code: 0,
    });
  });
});
