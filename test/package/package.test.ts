import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { access, cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Bill } from "../../deploy/sbom/bill.ts";
import type { CatalogServer } from "../../src/simulator/api/api-server.ts";
import { createNomadCatalog } from "../../src/simulator/nomad/catalog.ts";
import { startNomadServer } from "../../src/simulator/nomad/server.ts";
import { createCatalog, startCatalogServer } from "../../src/simulator/simulator.ts";
import { createSite, type Site } from "../integration/site.ts";
import { until } from "../support/await-until.ts";
import { firstLineOf } from "../support/first-line.ts";
import { type PortolanProcess, startPortolan } from "../support/portolan-process.ts";
import { findTool } from "../support/real-binaries.ts";

const ROOT = join(import.meta.dirname, "../..");

/** What of the repository a package is made from; the Dockerfile copies the same. */
const SOURCES = [
  ...["package.json", ".npmrc", "tsconfig.json", "tsconfig.page.json", "LICENSE", "README.md", "src"],
  ...["deploy/page", "deploy/program", "deploy/sbom"],
];

/** Tools of this machine, and the Node of these tests before any other. */
const PATH = [dirname(process.execPath), process.env["PATH"]].join(delimiter);

/** Runs a program in a directory to its end. */
async function run(cwd: string, command: string, args: readonly string[]) {
  const child = spawn(command, args, { cwd, env: { ...variables(), PATH }, stdio: ["ignore", "pipe", "pipe"] });
  const said = collect(child);
  await once(child, "close");
  return { code: child.exitCode, ...said };
}

/** Those of this process, as texts. */
function variables(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}

function collect({ stdout, stderr }: ChildProcess): { stdout: string; stderr: string } {
  const said = { stdout: "", stderr: "" };
  stdout?.on("data", (part: Buffer) => (said.stdout += part.toString()));
  stderr?.on("data", (part: Buffer) => (said.stderr += part.toString()));
  return said;
}

const traefik = await findTool("traefik");

let scratch: string;
let home: string;
let portolan: string;
let archive: string;
let executable: string;

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), "portolan-package-"));
  // Packed from a copy: packing builds anew, and other tests run what was built in the repository.
  const source = join(scratch, "source");
  for (const name of SOURCES) await cp(join(ROOT, name), join(source, name), { recursive: true });
  await symlink(join(ROOT, "node_modules"), join(source, "node_modules"));
  const packed = await run(source, "npm", ["pack", "--pack-destination", scratch]);
  expect(packed, packed.stderr).toMatchObject({ code: 0 });

  home = join(scratch, "home");
  await mkdir(home);
  await writeFile(join(home, "package.json"), "{}\n");
  archive = join(scratch, (await readdir(scratch)).find((name) => name.endsWith(".tgz")) ?? "no archive");
  const options = ["--omit=dev", "--prefer-offline", "--no-audit", "--no-fund"];
  const installed = await run(home, "npm", ["install", ...options, archive]);
  expect(installed, installed.stderr).toMatchObject({ code: 0 });
  portolan = join(home, "node_modules/.bin/portolan");

  executable = join(scratch, "portolan");
  const built = await run(ROOT, "npm", ["run", "build:binary", "--", executable]);
  expect(built, built.stderr).toMatchObject({ code: 0 });
}, 240_000);
afterAll(() => rm(scratch, { recursive: true, force: true }));

describe("the package, installed in an empty directory without the repository", () => {
  test("says its version", async () => {
    const { version } = JSON.parse(await readFile(join(ROOT, "package.json"), "utf8"));
    expect(await run(home, portolan, ["version"])).toMatchObject({ code: 0, stdout: expect.stringContaining(version) });
  });

  test("checks tags, by the default rule's template as well", async () => {
    const sound = await run(home, portolan, ["check", "tags", "--service", "shop", "traefik.enable=true"]);
    expect(sound).toMatchObject({ code: 0, stdout: expect.stringContaining("rule: Host(`shop`)"), stderr: "" });
    const broken = await run(home, portolan, [
      "check",
      "tags",
      "traefik.enable=true",
      "traefik.http.routers.web.ruel=1",
    ]);
    expect(broken).toMatchObject({ code: 1, stdout: expect.stringContaining('write "rule" instead of "ruel"') });
  });

  test("serves its page", async () => {
    const site = await createSite();
    const args = ["--consul-addr", "http://127.0.0.1:9", "--output", site.chart, "--state-dir", site.stateDir];
    const daemon = await startPortolan(args, { PATH }, { program: portolan });
    await expectPage(daemon.url);
    await daemon.stop();
    await site.remove();
  });

  test("holds the part of the embedded catalog that the demo needs, and nothing that tests alone use", async () => {
    const dist = join(home, "node_modules/portolan/dist");
    const parts = await Promise.all(
      (await readdir(join(dist, "parts"))).map((name) => readFile(join(dist, "parts", name), "utf8")),
    );
    const sources = parts.flatMap((text) => text.match(/^\/\/(?:#region)? ?(?:src|test)\/\S+$/gm) ?? []);
    const told = sources.map((line) => line.replace(/^\/\/(?:#region)? ?/, ""));
    expect(
      told.filter((name) => /^src\/simulator\/(?:acl|nomad|faults\/(?!altered\.))|\.test\.|^test\//.test(name)),
    ).toEqual([]);
    expect(told).toContain("src/simulator/server.ts");
  });

  test("has all that it runs in its own files, with the notices of their libraries", async () => {
    const dist = join(home, "node_modules/portolan/dist");
    const alone = join(scratch, "alone");
    await cp(dist, join(alone, "dist"), { recursive: true });
    await cp(join(dist, "../package.json"), join(alone, "package.json"));
    const checked = await run(alone, join(alone, "dist/main.js"), ["check", "tags", "traefik.enable=true"]);
    expect(checked).toMatchObject({ code: 0, stderr: "" });
    const notices = await readFile(join(dist, "licences.txt"), "utf8");
    for (const name of ["pino", "zod", "preact"]) expect(notices).toMatch(new RegExp(`^${name} [0-9.]+: MIT$`, "m"));
  });
});

describe("the executable, where there is no Node.js and no package", () => {
  const nowhere = { PATH: "/nonexistent" };
  let site: Site;
  let server: CatalogServer | undefined;
  let daemon: PortolanProcess | undefined;
  beforeEach(async () => {
    site = await createSite();
  });
  afterEach(async () => {
    await daemon?.stop();
    await server?.close();
    await site.remove();
  });

  test("says its version", async () => {
    const { version } = JSON.parse(await readFile(join(ROOT, "package.json"), "utf8"));
    const answer = spawnSync(executable, ["version"], { env: nowhere, cwd: "/", encoding: "utf8" });
    expect(answer).toMatchObject({ status: 0, stdout: `${version}\n`, stderr: "" });
  });

  test("has its bill of materials beside it, with the Node that is in it", async () => {
    const { components } = JSON.parse(await readFile(`${executable}.cdx.json`, "utf8")) as Bill;
    expect(components.find(({ type }) => type === "platform")).toMatchObject({ version: process.versions.node });
    expect(components.map(({ name }) => name)).toEqual(expect.arrayContaining(["pino", "zod"]));
  });

  test("has Node's flags of the program's first line", async () => {
    const witness = await site.settings("").then((path) => path.replace("settings.yml", "witness.cjs"));
    await writeFile(witness, "console.log(process.execArgv)");
    const env = { ...nowhere, NODE_OPTIONS: `--require ${witness}` };
    const answer = spawnSync(executable, ["version"], { env, encoding: "utf8" });
    const { flags } = firstLineOf(join(ROOT, "src/main.ts"));
    expect(flags.length).toBeGreaterThan(1);
    for (const flag of flags) expect(answer.stdout).toContain(`'${flag}'`);
  });

  test.each([
    ["Consul", "--consul-addr", startConsul],
    ["Nomad", "--nomad-addr", startNomad],
  ])("routes a service of %s's, follows it to another port, and ends well", async (_, flag, start) => {
    const catalog = await start();
    server = catalog.server;
    catalog.register(24_001);
    const args = [flag, server.url, "--output", site.chart, "--state-dir", site.stateDir];
    daemon = await startPortolan(args, nowhere, { program: executable });
    const shows = (port: number) =>
      until(async () => (await site.chartText()).includes(`http://127.0.0.1:${port}`), {
        timeoutMs: 10_000,
        what: `${port}`,
      });
    await shows(24_001);
    catalog.register(24_002);
    await shows(24_002);
    expect(await site.chartText()).toContain("Host(`web.test`)");
    await expectPage(daemon.url);
    expect(await daemon.stop()).toBe(0);
  });
});

/** The page comes with its script and style, which are all that it loads. */
async function expectPage(url: string): Promise<void> {
  const page = await (await fetch(url)).text();
  const assets = [...page.matchAll(/(?:src|href)="\/?(assets\/[^"]+)"/g)].map(([, path]) => path);
  expect(assets.length).toBeGreaterThan(1);
  for (const path of assets) {
    const answer = await fetch(`${url}/${path}`);
    expect([path, answer.status, (await answer.text()).length > 0]).toEqual([path, 200, true]);
  }
}

const TAGS = ["traefik.enable=true", "traefik.http.routers.web.rule=Host(`web.test`)"];

async function startConsul() {
  const catalog = createCatalog();
  return {
    server: await startCatalogServer({ catalog }),
    register: (Port: number) =>
      void catalog.register({ Node: "node-1", Address: "127.0.0.1", Service: { Service: "web", Port, Tags: TAGS } }),
  };
}

async function startNomad() {
  const catalog = createNomadCatalog();
  return {
    server: await startNomadServer({ catalog }),
    register: (Port: number) => void catalog.register({ ServiceName: "web", Port, Tags: TAGS }),
  };
}

// In one file, so that they run one after the other: the backends of every demo have the same ports.
describe("portolan demo", () => {
  let folder: string;
  let demo: ChildProcess | undefined;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "portolan-demo-"));
  });
  afterEach(async () => {
    if (demo !== undefined) endGroup(demo);
    await rm(folder, { recursive: true, force: true });
  });

  function start(command: string, args: readonly string[], env: Readonly<Record<string, string>>) {
    demo = spawn(command, args, { cwd: folder, env, detached: true, stdio: ["ignore", "pipe", "pipe"] });
    const said = collect(demo);
    const all = () => said.stdout + said.stderr;
    const says = (text: string | RegExp) =>
      until(() => (typeof text === "string" ? all().includes(text) : text.test(all())), {
        timeoutMs: 30_000,
        what: `the demo to say ${text}`,
      });
    return { demo, all, says };
  }

  /** Whatever is left of it: npx may have ended before the demo. */
  function endGroup({ pid = 0 }: ChildProcess): void {
    try {
      process.kill(-pid, "SIGKILL");
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
    }
  }

  /** As a terminal does on Ctrl-C; resolves to the exit code and the signal. */
  function interrupt(child: ChildProcess): Promise<unknown[]> {
    const ended = once(child, "exit");
    process.kill(-(child.pid ?? 0), "SIGINT");
    return ended;
  }

  // A PATH without Traefik: the demo must work where there is none.
  test.each([
    ["built", () => process.execPath, () => [join(ROOT, "dist/main.js"), "demo"], {}],
    ["installed", () => portolan, () => ["demo"], { PATH: dirname(process.execPath) }],
    ["executable", () => executable, () => ["demo"], { PATH: "/nonexistent" }],
  ])("%s: charts the homelab, refuses what it must, shows a deploy, and ends cleanly on Ctrl-C", async (...started) => {
    const [, command, args, env] = started;
    const { demo, all, says } = start(command(), args(), env);
    await says("route windmill came: Host(`windmill.lab.local`) → +http://127.0.0.1:24563");
    await says("PORT_OUTSIDE_WINDOW powerdns-api");
    await says("TAG_UNKNOWN_KEY wiki");
    await says("+h2c://127.0.0.1:26788");
    await says("route windmill gained a server");
    expect(all()).not.toContain("27899");
    expect(all()).toContain("traefik --configfile=");
    expect(all()).toContain("no traefik on the PATH");
    expect(all()).toContain("https://github.com/traefik/traefik/releases");

    const chart = await readFile(join(folder, "portolan-demo/dynamic/portolan.yml"), "utf8");
    expect(chart).toContain('"windmill"');
    expect(chart).not.toContain("8081");

    expect(await interrupt(demo)).toEqual([0, null]);
    await access(join(folder, "portolan-demo/dynamic/portolan.yml"));
  });

  // What an operator types who was given the package as a file, and has Traefik.
  test.skipIf(traefik?.kind !== "binary")("by npx, from the packed file: Traefik answers with its routes", async () => {
    const directories = [dirname(traefik?.kind === "binary" ? traefik.path : ""), dirname(process.execPath)];
    const env = { ...variables(), PATH: [...directories, process.env["PATH"]].join(delimiter) };
    const { demo, says } = start("npx", ["--yes", "--prefer-offline", "--package", archive, "portolan", "demo"], env);
    await says(/GET windmill\.lab\.local → 200 windmill on node-1/);
    await says(/GET wiki\.lab\.local → 404/);
    await interrupt(demo);
    // npx ends at once, by the signal; the demo's own end comes after it.
    await says("that was it; portolan-demo/ stays for you to look at");
  });
});
