import { mkdirSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { canRenameBetween, chooseStagingDir } from "../../../src/output/chart/staging-dir.ts";
import { canMount, createScratch, hasOtherFileSystem, mount, unmount } from "../scratch.ts";

let scratch: ReturnType<typeof createScratch>;
let outputDir: string;
let outputPath: string;

beforeEach(() => {
  scratch = createScratch();
  outputDir = join(scratch.dir, "chart");
  outputPath = join(outputDir, "portolan.yml");
  mkdirSync(outputDir);
});

afterEach(() => scratch.remove());

describe("chooseStagingDir", () => {
  it("takes the state directory of the same mount, creating it for its owner alone", async () => {
    const stateDir = join(scratch.dir, "lib", "state");
    expect(await chooseStagingDir({ outputPath, stateDir })).toEqual({ dir: stateDir });
    expect(statSync(stateDir).mode & 0o7777).toBe(0o700);
    expect(readdirSync(outputDir)).toEqual([]);
  });

  it.skipIf(!hasOtherFileSystem())("else a hidden directory beside the output, readable by Traefik", async () => {
    const other = createScratch("/dev/shm");
    const umask = process.umask(0o077);
    try {
      const hidden = join(outputDir, ".portolan-staging");
      expect(await chooseStagingDir({ outputPath, stateDir: other.dir })).toEqual({ dir: hidden });
      expect(statSync(hidden).mode & 0o7777).toBe(0o755);
      expect(await chooseStagingDir({ outputPath, stateDir: other.dir })).toEqual({ dir: hidden });
    } finally {
      process.umask(umask);
      other.remove();
    }
  });

  it("else the output's own directory, with a warning", async () => {
    const stateDir = join(scratch.dir, "a-file");
    writeFileSync(stateDir, "");
    writeFileSync(join(outputDir, ".portolan-staging"), "");
    expect(await chooseStagingDir({ outputPath, stateDir })).toEqual({
      dir: outputDir,
      warning: expect.stringContaining("extra reloads"),
    });
  });

  it("does not create a missing output directory", async () => {
    const missing = join(scratch.dir, "missing");
    const stateDir = join(scratch.dir, "state");
    const chosen = await chooseStagingDir({ outputPath: join(missing, "portolan.yml"), stateDir });
    expect(chosen.dir).toBe(missing);
    expect(readdirSync(scratch.dir).sort()).toEqual(["chart", "state"]);
  });
});

describe("canRenameBetween", () => {
  it("is false for a directory that does not exist", async () => {
    expect(await canRenameBetween(outputDir, scratch.dir)).toBe(true);
    expect(await canRenameBetween(join(scratch.dir, "missing"), outputDir)).toBe(false);
  });

  it.skipIf(!canMount())("sees two mounts of one file system, which have the same device", async () => {
    const bound = join(scratch.dir, "bound");
    mkdirSync(bound);
    mount(["--bind", outputDir, bound]);
    try {
      expect(statSync(bound).dev).toBe(statSync(scratch.dir).dev);
      expect(await canRenameBetween(scratch.dir, bound)).toBe(false);
      expect(await canRenameBetween(bound, bound)).toBe(true);
    } finally {
      unmount(bound);
    }
  });
});
