import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import fs, { type FileHandle } from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { removeStale, replaceFile } from "../../../src/output/files/atomic-file.ts";
import { createScratch, isRoot } from "../scratch.ts";

/** Another group than that which the file has anyway, which only root may give. */
const GROUP = isRoot ? 23_456 : (process.getgid?.() ?? 0);

/** The calls that decide what a power cut leaves behind, in the order in which the disk saw them. */
const calls: string[] = [];
const opened: string[] = [];

function recorded(handle: FileHandle, path: string): FileHandle {
  const name = path.endsWith(".staging") ? "file" : "directory";
  for (const method of ["writeFile", "chown", "chmod", "sync", "close"] as const) {
    const original = handle[method].bind(handle) as (...args: unknown[]) => Promise<void>;
    Object.defineProperty(handle, method, {
      value: (...args: unknown[]) => {
        calls.push(`${name}.${method}`);
        return original(...args);
      },
    });
  }
  return handle;
}

/** On Node's own module, not a module mock: the test files of a worker share the modules that are already loaded. */
function spyOnFileSystem(): void {
  const { open, rename } = fs;
  vi.spyOn(fs, "open").mockImplementation(async (path, ...rest) => {
    opened.push(String(path));
    return recorded(await open(path, ...rest), String(path));
  });
  vi.spyOn(fs, "rename").mockImplementation((from, to) => {
    calls.push("rename");
    return rename(from, to);
  });
  syncBuiltinESMExports();
}

let scratch: ReturnType<typeof createScratch>;
let stagingDir: string;
let path: string;

beforeEach(() => {
  calls.length = 0;
  opened.length = 0;
  spyOnFileSystem();
  scratch = createScratch();
  stagingDir = join(scratch.dir, "state");
  path = join(scratch.dir, "chart.yml");
  mkdirSync(stagingDir);
});

afterEach(() => {
  vi.restoreAllMocks();
  syncBuiltinESMExports();
  scratch.remove();
});

it("renames only a file that is complete, owned and on the disk, and then syncs the directory", async () => {
  await replaceFile({ path, text: "x", stagingDir, mode: 0o640, gid: GROUP });

  expect(calls).toEqual([
    ...(isRoot ? ["file.chown"] : []),
    "file.writeFile",
    "file.chmod",
    "file.sync",
    "file.close",
    "rename",
    "directory.sync",
    "directory.close",
  ]);
});

it("waits for no disk where the file need not outlive the machine, and still renames only a complete one", async () => {
  await replaceFile({ path, text: "x", stagingDir, outlivesMachine: false });

  expect(calls).toEqual(["file.writeFile", "file.chmod", "file.close", "rename"]);
});

it("stages under a hidden name that Traefik never reads and that removeStale recognises", async () => {
  await replaceFile({ path, text: "x", stagingDir });
  const staged = opened.filter((name) => name !== scratch.dir);
  expect(staged).toEqual([expect.stringMatching(/\/state\/\.portolan-[^/]*\.staging$/)]);

  writeFileSync(staged[0]!, "left by a killed process");
  expect(await removeStale({ path, stagingDir })).toBe(1);
  expect(readdirSync(stagingDir)).toEqual([]);
});
