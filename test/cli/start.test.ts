import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";

const MAIN = join(import.meta.dirname, "../../src/main.ts");

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "portolan-start-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

test("run refuses an output that is a pipe, and ends", () => {
  const pipe = join(folder, "portolan.yml");
  spawnSync("mkfifo", [pipe]);
  const args = ["run", "--output", pipe, "--state-dir", join(folder, "state"), "--listen", "127.0.0.1:0"];
  const { status, signal, stderr } = spawnSync(process.execPath, [MAIN, ...args], {
    encoding: "utf8",
    timeout: 25_000,
    killSignal: "SIGKILL",
  });
  expect(stderr).toContain("portolan.yml is a pipe, a socket or a device; remove it, or name another file");
  expect([status, signal]).toEqual([78, null]);
}, 30_000);
