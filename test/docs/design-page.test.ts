import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readPage } from "./blocks.ts";

test("docs/design.md has the stages of a pass, in their order", () => {
  const source = readFileSync(join(import.meta.dirname, "../../src/core/reconcile.ts"), "utf8");
  const stages = Array.from(source.matchAll(/stages\.run\(\s*(\w+)/g), ([, name]) => name);
  expect(stages.length).toBeGreaterThan(15);
  expect(Array.from(readPage("docs/design.md").matchAll(/^\| `(\w+)` \|/gm), ([, name]) => name)).toEqual(stages);
});
