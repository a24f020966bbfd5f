import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { access, cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { until } from "../support/await-until.ts";

const ROOT = join(import.meta.dirname, "../..");

/** What of the repository a package is made from; the Dockerfile copies the same. */
const SOURCES = ["package.json", ".npmrc", "tsconfig.json", "LICENSE", "README.md", "src"];

/** Tools of this machine, and the Node of these tests before any other. */
const PATH = [dirname(process.execPath), process.env["PATH"]].join(delimiter);

/** Runs a program in a directory to its end. */
async function run(cwd: string, command: string, args: readonly string[]) {
  const child = spawn(command, args, { cwd, env: { ...process.env, PATH }, stdio: ["ignore", "pipe", "pipe"] });
  const said = collect(child);
  await once(child, "close");
  return { code: child.exitCode, ...said };
}

function collect({ stdout, stderr }: ChildProcess): { stdout: string; stderr: string } {
  const said = { stdout: "", stderr: "" };
  stdout?.on("data", (part: Buffer) => (said.stdout += part.toString()));
  stderr?.on("data", (part: Buffer) => (said.stderr += part.toString()));
  return said;
}

let scratch: string;
let home: string;
let portolan: string;

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
  const archive = (await readdir(scratch)).find((name) => name.endsWith(".tgz")) ?? "no archive";
  const options = ["--omit=dev", "--prefer-offline", "--no-audit", "--no-fund"];
  const installed = await run(home, "npm", ["install", ...options, join(scratch, archive)]);
  expect(installed, installed.stderr).toMatchObject({ code: 0 });
  portolan = join(home, "node_modules/.bin/portolan");
}, 120_000);
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

  test("holds the part of the embedded catalog that the demo needs, and nothing that tests alone use", async () => {
    const dist = join(home, "node_modules/portolan/dist");
    const simulator = await readdir(join(dist, "simulator"), { recursive: true });
    expect(simulator.filter((name) => /^(?:acl|nomad)\b|^faults\/(?!altered\.)/.test(name))).toEqual([]);
    expect(simulator).toContain("simulator.js");
    const files = await readdir(dist, { recursive: true });
    expect(files.filter((name) => /\.test\.|(?:^|\/)test\//.test(name))).toEqual([]);
  });
});

// In one file, so that they run one after the other: the backends of every demo have the same ports.
describe("portolan demo", () => {
  let folder: string;
  let demo: ChildProcess | undefined;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "portolan-demo-"));
  });
  afterEach(async () => {
    demo?.kill("SIGKILL");
    await rm(folder, { recursive: true, force: true });
  });

  // A PATH without Traefik: the demo must work where there is none.
  test.each([
    ["built", () => process.execPath, [join(ROOT, "dist/main.js"), "demo"], {}],
    ["installed", () => portolan, ["demo"], { PATH: dirname(process.execPath) }],
  ])("%s: charts the homelab, refuses what it must, shows a deploy, and ends cleanly on Ctrl-C", async (...started) => {
    const [, command, args, env] = started;
    demo = spawn(command(), args, { cwd: folder, env, stdio: ["ignore", "pipe", "pipe"] });
    const said = collect(demo);
    const all = () => said.stdout + said.stderr;
    const says = (text: string) =>
      until(() => all().includes(text), { timeoutMs: 15_000, what: `the demo to say ${text}` });
    await says("route windmill came: Host(`windmill.lab.local`) → +http://127.0.0.1:24563");
    await says("PORT_OUTSIDE_WINDOW powerdns-api");
    await says("TAG_UNKNOWN_KEY wiki");
    await says("+h2c://127.0.0.1:26788");
    await says("route windmill gained a server");
    expect(all()).not.toContain("27899");
    expect(all()).toContain("traefik --configfile=");

    const chart = await readFile(join(folder, "portolan-demo/dynamic/portolan.yml"), "utf8");
    expect(chart).toContain('"windmill"');
    expect(chart).not.toContain("8081");

    const ended = once(demo, "exit");
    demo.kill("SIGINT");
    expect(await ended).toEqual([0, null]);
    await access(join(folder, "portolan-demo/dynamic/portolan.yml"));
  });
});
