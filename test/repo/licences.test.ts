import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { BUNDLED } from "../../deploy/sbom/bundled.ts";
import { ALLOWED, ALLOWED_FOR_DEVELOPMENT, licenceProblems, READ_BY_HAND, unusedReadings } from "./licences.ts";

const ROOT = join(import.meta.dirname, "../..");
const { packages } = JSON.parse(readFileSync(join(ROOT, "package-lock.json"), "utf8"));

describe("the licences of package-lock.json", () => {
  test("are allowed, of whatever is shipped and of what is for development alone", () => {
    expect(Object.keys(packages).length).toBeGreaterThan(100);
    expect(licenceProblems(packages, BUNDLED)).toEqual([]);
  });

  test("are read by hand where the lock states none, and nowhere else", () => {
    expect(unusedReadings(packages)).toEqual([]);
    expect(unusedReadings({})).toEqual(Object.keys(READ_BY_HAND));
  });

  test("stand in docs/dependencies.md, each with its reason", () => {
    const page = readFileSync(join(ROOT, "docs/dependencies.md"), "utf8");
    expect(page).toContain(`\n${ALLOWED.map((name) => `\`${name}\``).join(", ")}.\n`);
    for (const [name, reason] of Object.entries(ALLOWED_FOR_DEVELOPMENT)) {
      expect(page).toContain(`| \`${name}\` | what is for development | ${reason} |`);
    }
    for (const [one, { licence, where }] of Object.entries(READ_BY_HAND)) {
      expect(page).toContain(`| ${licence} | \`${one}\`, read by hand | ${where} |`);
    }
  });
});

describe("a licence that is not allowed", () => {
  const all = ALLOWED.join(", ");

  test("is told with package, version, licence, what is allowed, and what to do", () => {
    expect(
      licenceProblems({ "": {}, "node_modules/a/node_modules/@x/b": { version: "1.2.3", license: "GPL-3.0" } }, []),
    ).toEqual([
      `@x/b@1.2.3 (shipped) has the licence GPL-3.0; allowed are ${all}; take another package or version, or judge the licence and add it to test/repo/licences.ts and docs/dependencies.md`,
    ]);
  });

  test("and one that is not stated: where to read it, and where to write it down", () => {
    expect(licenceProblems({ "node_modules/b": { version: "1.2.3", dev: true } }, [])).toEqual([
      `b@1.2.3 (for development) states no licence; allowed are ${all}, MPL-2.0; read the package's own and add it to READ_BY_HAND in test/repo/licences.ts, or take another package`,
    ]);
  });

  test.each<[string, object, number]>([
    ["one that is for development alone", { dev: true, license: "MPL-2.0" }, 0],
    ["the same in what is shipped", { license: "MPL-2.0" }, 1],
    ["either of two, of which one is allowed", { license: "(GPL-2.0 OR MIT)" }, 0],
    ["both of two, of which one is not", { license: "MIT AND GPL-2.0" }, 1],
    ["both of two, inside an alternative", { license: "GPL-2.0 OR MIT AND ISC" }, 0],
    ["an exception of a licence that is not allowed", { license: "GPL-2.0 WITH Classpath-exception-2.0" }, 1],
    ["its file's name in place of a licence", { license: "SEE LICENSE IN LICENSE.txt" }, 1],
    ["none at all", { license: "UNLICENSED" }, 1],
  ])("%s", (_, one, problems) => {
    expect(licenceProblems({ "node_modules/x": { version: "1.0.0", ...one } }, [])).toHaveLength(problems);
  });

  test("what is bundled from a package for development is shipped", () => {
    const lock = { "node_modules/x": { version: "1.0.0", dev: true, license: "MPL-2.0" } };
    expect(licenceProblems(lock, [])).toEqual([]);
    expect(licenceProblems(lock, ["x"])).toEqual([
      expect.stringContaining("x@1.0.0 (shipped) has the licence MPL-2.0"),
    ]);
  });
});
