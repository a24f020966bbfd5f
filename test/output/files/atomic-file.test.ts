import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { AppError } from "../../../src/base/errors.ts";
import { removeStale, replaceFile } from "../../../src/output/files/atomic-file.ts";
import { canMount, createScratch, hasOtherFileSystem, isRoot, mount, stagingFilesIn, unmount } from "../scratch.ts";

let scratch: ReturnType<typeof createScratch>;
let path: string;
let stagingDir: string;

beforeEach(() => {
  scratch = createScratch();
  mkdirSync(join(scratch.dir, "chart"));
  mkdirSync(join(scratch.dir, "state"));
  path = join(scratch.dir, "chart", "portolan.yml");
  stagingDir = join(scratch.dir, "state");
});

afterEach(() => scratch.remove());

async function failureOf(work: Promise<unknown>): Promise<AppError> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof AppError)) throw new Error(`expected an AppError, got ${String(error)}`);
  return error;
}

describe("replaceFile", () => {
  it("creates the file, and replaces it by another inode, leaving no staging file", async () => {
    await replaceFile({ path, text: "one\n", stagingDir });
    const first = statSync(path).ino;
    const oldReader = await readFile(path, "utf8");
    await replaceFile({ path, text: "two\n", stagingDir });

    expect(oldReader).toBe("one\n");
    expect(readFileSync(path, "utf8")).toBe("two\n");
    expect(statSync(path).ino).not.toBe(first);
    expect(readdirSync(stagingDir)).toEqual([]);
    expect(readdirSync(join(scratch.dir, "chart"))).toEqual(["portolan.yml"]);
  });

  it("gives 0600 by default, and the mode that is asked for whatever the umask", async () => {
    const before = process.umask(0o077);
    try {
      await replaceFile({ path, text: "x", stagingDir });
      expect(statSync(path).mode & 0o7777).toBe(0o600);
      await replaceFile({ path, text: "x", stagingDir, mode: 0o644 });
      expect(statSync(path).mode & 0o7777).toBe(0o644);
    } finally {
      process.umask(before);
    }
  });

  it.skipIf(!isRoot)("gives the owner and the group that are asked for, one without the other too", async () => {
    await replaceFile({ path, text: "x", stagingDir, uid: 12_345, gid: 23_456 });
    expect(statSync(path)).toMatchObject({ uid: 12_345, gid: 23_456 });
    await replaceFile({ path, text: "x", stagingDir, gid: 23_456 });
    expect(statSync(path)).toMatchObject({ uid: 0, gid: 23_456 });
  });

  it("names the missing directory of the output", async () => {
    const error = await failureOf(replaceFile({ path: join(scratch.dir, "no", "a.yml"), text: "x", stagingDir }));
    expect(error).toMatchObject({ code: "E_OUTPUT_MISSING_DIR", retryable: true, exitCode: 73 });
    expect(error.message).toBe(
      `cannot write ${join(scratch.dir, "no", "a.yml")}: ENOENT; create the directory, or correct the path`,
    );
  });

  it("leaves the old file and no staging file when the target turns out to be a directory", async () => {
    mkdirSync(path);
    writeFileSync(join(path, "inside"), "kept");
    const error = await failureOf(replaceFile({ path, text: "x", stagingDir }));
    expect(error.code).toBe("E_OUTPUT_FAILED");
    expect(readFileSync(join(path, "inside"), "utf8")).toBe("kept");
    expect(readdirSync(stagingDir)).toEqual([]);
  });

  it.skipIf(isRoot)("says which permission is missing when the directory refuses", async () => {
    chmodSync(stagingDir, 0o500);
    const error = await failureOf(replaceFile({ path, text: "x", stagingDir }));
    expect(error.code).toBe("E_OUTPUT_DENIED");
    chmodSync(stagingDir, 0o700);
  });

  it.skipIf(!hasOtherFileSystem())("writes from a staging directory on another file system", async () => {
    const other = createScratch("/dev/shm");
    try {
      writeFileSync(path, "old\n");
      await replaceFile({ path, text: "new\n", stagingDir: other.dir, mode: 0o640 });
      expect(readFileSync(path, "utf8")).toBe("new\n");
      expect(statSync(path).mode & 0o7777).toBe(0o640);
      expect(readdirSync(other.dir)).toEqual([]);
      expect(readdirSync(join(scratch.dir, "chart"))).toEqual([".portolan-staging", "portolan.yml"]);
      expect(readdirSync(join(scratch.dir, "chart/.portolan-staging"))).toEqual([]);
    } finally {
      other.remove();
    }
  });

  it("never shows a part of a text to a concurrent reader, over 1,000 publishes", async () => {
    const seen = new Set<number>();
    const written = new AbortController();
    async function readAllTheWhile(): Promise<void> {
      while (!written.signal.aborted) {
        const text = await readFile(path, "utf8");
        const lines = text.split("\n");
        const version = Number(lines[0]);
        expect(lines).toEqual(versionText(version).split("\n"));
        seen.add(version);
      }
    }
    await replaceFile({ path, text: versionText(0), stagingDir });
    const reader = readAllTheWhile();
    for (let version = 1; version <= 1_000; version += 1) {
      await replaceFile({ path, text: versionText(version), stagingDir });
    }
    written.abort();
    await reader;

    expect(seen.size).toBeGreaterThan(20);
    expect(readFileSync(path, "utf8")).toBe(versionText(1_000));
    expect(stagingFilesIn(stagingDir)).toEqual([]);
  }, 60_000);
});

/** Long enough for several pages, of a length that changes, each line telling the version. */
function versionText(version: number): string {
  return `${Array.from({ length: 1_500 + (version % 7) * 100 }, () => version).join("\n")}\n`;
}

describe("removeStale", () => {
  it("deletes this path's left-overs in both directories, and nothing else", async () => {
    const chartDir = join(scratch.dir, "chart");
    writeFileSync(join(stagingDir, ".portolan-portolan.yml-0123456789ab.staging"), "");
    writeFileSync(join(chartDir, ".portolan-portolan.yml-ba9876543210.staging"), "");
    const others = [
      ".portolan-other.yml-0123456789ab.staging",
      ".portolan-portolan.yml-x-0123456789ab.staging",
      "portolan.yml",
      "notes.staging",
    ];
    for (const name of others) writeFileSync(join(chartDir, name), "");

    expect(await removeStale({ path, stagingDir })).toBe(2);
    expect(readdirSync(stagingDir)).toEqual([]);
    expect(readdirSync(chartDir).sort()).toEqual([...others].sort());
  });

  it("finds nothing where the directories do not exist yet", async () => {
    expect(await removeStale({ path: join(scratch.dir, "a", "b.yml"), stagingDir: join(scratch.dir, "c") })).toBe(0);
  });
});

describe.skipIf(!canMount())("replaceFile on file systems that refuse", () => {
  let mounts: ReturnType<typeof createScratch>;
  let small: string;

  beforeAll(() => {
    mounts = createScratch();
    small = join(mounts.dir, "small");
    mkdirSync(small);
    mount(["-t", "tmpfs", "-o", "size=64k", "tmpfs", small]);
  });

  afterAll(() => {
    unmount(small);
    mounts.remove();
  });

  it("keeps the old file on a full disk", async () => {
    const full = join(small, "portolan.yml");
    await replaceFile({ path: full, text: "old\n", stagingDir: small });
    const error = await failureOf(replaceFile({ path: full, text: "x".repeat(200_000), stagingDir: small }));

    expect(error).toMatchObject({ code: "E_OUTPUT_NO_SPACE", retryable: true, exitCode: 73 });
    expect(error.message).toContain(`cannot write ${full}: ENOSPC`);
    expect(readdirSync(small)).toEqual(["portolan.yml"]);
    expect(readFileSync(full, "utf8")).toBe("old\n");
    await replaceFile({ path: full, text: "new\n", stagingDir: small });
    expect(readFileSync(full, "utf8")).toBe("new\n");
  });

  it("keeps the old file on a read-only mount, and writes again once it is writable", async () => {
    const frozen = join(small, "frozen.yml");
    await replaceFile({ path: frozen, text: "old\n", stagingDir: small });
    mount(["-o", "remount,ro", small]);
    try {
      const error = await failureOf(replaceFile({ path: frozen, text: "new\n", stagingDir: small }));
      expect(error).toMatchObject({ code: "E_OUTPUT_READ_ONLY", retryable: true });
      expect(readFileSync(frozen, "utf8")).toBe("old\n");
    } finally {
      mount(["-o", "remount,rw", small]);
    }
    await replaceFile({ path: frozen, text: "new\n", stagingDir: small });
    expect(readFileSync(frozen, "utf8")).toBe("new\n");
  });

  it("says to mount the directory when the single file is a bind mount", async () => {
    writeFileSync(join(stagingDir, "outside.yml"), "old\n");
    writeFileSync(path, "");
    mount(["--bind", join(stagingDir, "outside.yml"), path]);
    try {
      const error = await failureOf(replaceFile({ path, text: "new\n", stagingDir }));
      expect(error.code).toBe("E_OUTPUT_FAILED");
      expect(error.message).toBe(
        `cannot write ${path}: EBUSY; mount the directory that holds the file, never the single file`,
      );
      expect(readFileSync(path, "utf8")).toBe("old\n");
      expect(stagingFilesIn(stagingDir)).toEqual([]);
    } finally {
      unmount(path);
    }
  });

  it("writes across two mounts of one file system", async () => {
    const bound = join(mounts.dir, "bound");
    mkdirSync(bound);
    mount(["--bind", join(scratch.dir, "chart"), bound]);
    try {
      const target = join(bound, "portolan.yml");
      await replaceFile({ path: target, text: "new\n", stagingDir });
      expect(readFileSync(target, "utf8")).toBe("new\n");
      expect(readdirSync(bound)).toEqual([".portolan-staging", "portolan.yml"]);
    } finally {
      unmount(bound);
    }
  });
});
