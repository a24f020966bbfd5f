import { spawnSync } from "node:child_process";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { checkOutput } from "../../../src/output/chart/check-output.ts";
import { canMount, createScratch, hasOtherFileSystem, mount, unmount } from "../scratch.ts";

let scratch: ReturnType<typeof createScratch>;
let stagingDir: string;

beforeEach(() => {
  scratch = createScratch();
  stagingDir = join(scratch.dir, "state");
  mkdirSync(stagingDir);
});

afterEach(() => scratch.remove());

async function kindsOf(path: string, staging = stagingDir): Promise<readonly string[]> {
  const problems = await checkOutput({ path, stagingDir: staging });
  return problems.map(({ kind, severity }) => `${severity} ${kind}`);
}

it("has nothing to say about a good output, whether the file exists or not", async () => {
  const path = join(scratch.dir, "portolan.yaml");
  expect(await kindsOf(path)).toEqual([]);
  writeFileSync(path, "");
  expect(await kindsOf(path)).toEqual([]);
  expect(await kindsOf(join(scratch.dir, "UPPER.YML"))).toEqual([]);
});

it("refuses names that Traefik would never read", async () => {
  for (const name of ["portolan.json", "portolan.toml", "portolan.yml.tmp", "portolan"]) {
    expect(await kindsOf(join(scratch.dir, name))).toEqual(["error wrongExtension"]);
  }
});

it("finds a directory that is missing, is a file, or has the output's own name", async () => {
  expect(await kindsOf(join(scratch.dir, "no", "portolan.yml"))).toEqual(["error missingDirectory"]);
  writeFileSync(join(scratch.dir, "file"), "");
  expect(await kindsOf(join(scratch.dir, "file", "portolan.yml"))).toEqual(["error notADirectory"]);
  mkdirSync(join(scratch.dir, "portolan.yml"));
  expect(await kindsOf(join(scratch.dir, "portolan.yml"))).toEqual(["error pathIsDirectory"]);
});

it("refuses a pipe, and what the kernel shows as files", async () => {
  const pipe = join(scratch.dir, "pipe.yml");
  spawnSync("mkfifo", [pipe]);
  expect(await kindsOf(pipe)).toEqual(["error notARegularFile"]);
  for (const path of [
    "/proc/self/portolan.yml",
    "/proc/self/cwd/../../proc/portolan.yml",
    "/sys/portolan.yml",
    "/dev/portolan.yml",
  ]) {
    expect(await kindsOf(path)).toEqual(["error ofTheKernel"]);
  }
  symlinkSync("/proc/self", join(scratch.dir, "link"));
  expect(await kindsOf(join(scratch.dir, "link", "portolan.yml"))).toEqual(["error ofTheKernel"]);
});

it("reports several problems at once, each with its remedy", async () => {
  const problems = await checkOutput({ path: join(scratch.dir, "no", "chart.json"), stagingDir });
  expect(problems.map(({ message }) => message)).toEqual([
    `${join(scratch.dir, "no", "chart.json")} would never be read by Traefik; end its name in .yml or .yaml`,
    `${join(scratch.dir, "no")} does not exist; create it, or correct the output's path`,
  ]);
});

it("warns of a staging directory that no rename leaves", async () => {
  const path = join(scratch.dir, "portolan.yml");
  expect(await kindsOf(path, join(scratch.dir, "missing"))).toEqual(["warning stagingElsewhere"]);
});

it.skipIf(!hasOtherFileSystem())("warns of a staging directory on another file system", async () => {
  const other = createScratch("/dev/shm");
  try {
    expect(await kindsOf(join(scratch.dir, "portolan.yml"), other.dir)).toEqual(["warning stagingElsewhere"]);
  } finally {
    other.remove();
  }
});

it.skipIf(!canMount())("finds a file that is mounted alone, odd characters in its name or not", async () => {
  const source = join(scratch.dir, "source.yml");
  writeFileSync(source, "");
  for (const name of ["portolan.yml", "a b\\c.yml"]) {
    const path = join(scratch.dir, name);
    writeFileSync(path, "");
    mount(["--bind", source, path]);
    try {
      expect(await kindsOf(path)).toEqual(["error mountedFile"]);
    } finally {
      unmount(path);
    }
  }
});

it.skipIf(!canMount())("finds a directory that is mounted read-only", async () => {
  const frozen = join(scratch.dir, "frozen");
  mkdirSync(frozen);
  mount(["-t", "tmpfs", "-o", "size=64k,ro", "tmpfs", frozen]);
  try {
    const [found] = await checkOutput({ path: join(frozen, "portolan.yml"), stagingDir });
    expect(found).toMatchObject({ kind: "notWritable", message: expect.stringContaining("EROFS") });
  } finally {
    unmount(frozen);
  }
});
