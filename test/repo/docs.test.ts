import { readdirSync, readFileSync } from "node:fs";
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

  test("every link to a file leads somewhere", () => {
    const files = [
      "README.md",
      "CONTRIBUTING.md",
      "SECURITY.md",
      ...readdirSync(join(ROOT, "docs"), { recursive: true })
        .map(String)
        .filter((name) => name.endsWith(".md"))
        .map((name) => join("docs", name)),
    ];
    let links = 0;
    for (const file of files) {
      const text = readFileSync(join(ROOT, file), "utf8");
      for (const [, target = ""] of text.matchAll(/\]\((?!https?:)([^)#]+)(?:#[^)]*)?\)/g)) {
        links += 1;
        expect(() => readFileSync(join(ROOT, file, "..", target)), `${file} links to ${target}`).not.toThrow(/ENOENT/);
      }
    }
    expect(links).toBeGreaterThan(10);
  });
});
