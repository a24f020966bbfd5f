import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { pages } from "../../docs/generate.ts";

const ROOT = join(import.meta.dirname, "../..");

const PAGES = await pages();

describe("docs", () => {
  test.each([...PAGES])("%s says what the code says (npm run docs)", (name, text) => {
    expect(readFileSync(join(ROOT, "docs", name), "utf8")).toBe(text);
  });

  test("every dependency has its reason, with its exact version", () => {
    const manifest = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
    const reasons = readFileSync(join(ROOT, "docs/dependencies.md"), "utf8");
    for (const [name, version] of Object.entries({ ...manifest.dependencies, ...manifest.devDependencies })) {
      expect(reasons).toContain(`| \`${name}\` | ${version} |`);
      expect(version).toMatch(/^\d+\.\d+\.\d+(?:-[\w.]+)?$/);
    }
  });
});
