import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { resolveSettings } from "../../src/config/resolve/resolve.ts";
import { readPage } from "./blocks.ts";

const resolved = resolveSettings({
  file: { name: "portolan.yml", content: { output: { file: "chart.yml" }, stateDir: "state", nomad: {} } },
  environment: {},
  flags: {},
});

/** A default of the settings, by its path. */
function defaultOf(path: string): unknown {
  if (resolved.kind !== "resolved") throw new Error("the settings do not resolve");
  return path
    .split(".")
    .reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], resolved.settings);
}

describe("what pages say of defaults is what the settings have", () => {
  test.each([
    ["docs/watching.md", "consul.connectionBudget", 64, "a budget of 64\n(`consul.connectionBudget`)"],
    ["docs/watching.md", "consul.resync", 300_000, "Every five minutes (`consul.resync`)"],
    ["docs/watching.md", "consul.wait", 60_000, "`consul.wait`, 60 s,"],
    ["docs/watching.md", "consul.maxStale", 30_000, "`consul.maxStale` (30 s)"],
    ["docs/guards.md", "routes.zeroInstanceGrace", 600_000, "`routes.zeroInstanceGrace` (10 minutes)"],
    ["docs/guards.md", "guard.removalCount", 5, "`guard.removalCount` (5)"],
    ["docs/guards.md", "guard.removalShare", 0.3, "`guard.removalShare` (30 %)"],
    ["docs/guards.md", "guard.confirmAfter", 10_000, "`guard.confirmAfter` (10 s)"],
    ["docs/guards.md", "guard.resetHold", 300_000, "`guard.resetHold` (5 minutes)"],
    ["docs/guards.md", "routes.flapping.perMinute", 20, "`routes.flapping.perMinute` (20)"],
    ["docs/guards.md", "routes.flapping.every", 10_000, "`routes.flapping.every` (10 s)"],
    ["docs/design.md", "publish.quiet", 100, "`publish.quiet` (100 ms)"],
    ["docs/design.md", "publish.maxDelay", 1_000, "`publish.maxDelay` (1 s)"],
    ["docs/policy.md", "claims.keep", 30_000, "`claims.keep` (30 s)"],
  ])("%s: %s", (page, path, value, text) => {
    expect(defaultOf(path)).toBe(value);
    expect(readPage(page)).toContain(text);
  });
});

test("docs/watching.md reckons with the bytes that the choice of a strategy reckons with", () => {
  const source = readFileSync(join(import.meta.dirname, "../../src/sources/watch/traffic.ts"), "utf8");
  const bytes = (name: string) => Number(new RegExp(`const ${name}_BYTES = (\\d+);`).exec(source)?.[1]);
  expect(readPage("docs/watching.md")).toContain(
    `| (${bytes("ANSWER")} + ${bytes("LISTED")} N) + (${bytes("ANSWER")} + ${bytes("INSTANCE")} I) |`,
  );
  expect(readPage("docs/watching.md")).toContain(`(${bytes("ANSWER")} + ${bytes("REGISTRATION")} N I / M)`);
});
