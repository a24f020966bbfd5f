import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
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

describe("the package, installed in an empty directory without the repository", () => {
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

  test("runs the demo", async () => {
    const demo = spawn(portolan, ["demo"], { cwd: home, env: { PATH }, stdio: ["ignore", "pipe", "pipe"] });
    const said = collect(demo);
    try {
      const says = (text: string) => () => (said.stdout + said.stderr).includes(text);
      await until(says("route windmill gained a server"), { timeoutMs: 30_000, what: "a deploy in the demo" });
      const ended = once(demo, "exit");
      demo.kill("SIGINT");
      expect(await ended).toEqual([0, null]);
    } finally {
      demo.kill("SIGKILL");
    }
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
