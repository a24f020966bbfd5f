import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const ROOT = join(import.meta.dirname, "../..");

function versionAs(node: string) {
  const pretend = `Object.defineProperty(process, "versions", { value: { ...process.versions, node: "${node}" } })`;
  const preload = `data:text/javascript,${encodeURIComponent(pretend)}`;
  return spawnSync(process.execPath, ["--import", preload, join(ROOT, "src/main.ts"), "version"], { encoding: "utf8" });
}

test.each(["18.19.1", "20.0.0", "22.21.9"])("Node.js %s is told in one line to be too old", (node) => {
  const { status, stdout, stderr } = versionAs(node);
  expect([status, stdout]).toEqual([78, ""]);
  expect(stderr).toMatch(/^portolan: needs Node\.js 22\.22 or newer, and .* is [^\n]+\n$/);
  expect(stderr).toContain(node);
});

test("the oldest Node.js is the one that package.json names", () => {
  const { engines } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as { engines: { node: string } };
  expect(engines.node).toBe(">=22.22");
  expect(versionAs("22.22.0")).toMatchObject({ status: 0, stderr: "" });
});
