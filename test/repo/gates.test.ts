import { execFile } from "node:child_process";
import { cp, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const ROOT = join(import.meta.dirname, "../..");
const SAMPLES = join(import.meta.dirname, "samples");

/** Which sample each rule of the linter must report. A gate that has looked at nothing must not pass for a green one. */
const LINT: Readonly<Record<string, string>> = {
  "console.ts": "lint/suspicious/noConsole",
  "default-export.ts": "lint/style/noDefaultExport",
  "explicit-any.ts": "lint/suspicious/noExplicitAny",
  "floating-promise.ts": "lint/nursery/noFloatingPromises",
  "for-each.ts": "lint/complexity/noForEach",
  "import-cycle-other.ts": "lint/suspicious/noImportCycles",
  "import-cycle.ts": "lint/suspicious/noImportCycles",
  "misused-promise.ts": "lint/nursery/noMisusedPromises",
  "non-null.ts": "lint/style/noNonNullAssertion",
  "thrown-text.ts": "lint/style/useThrowOnlyError",
};

interface LintReport {
  readonly diagnostics: readonly {
    readonly category: string;
    readonly severity: string;
    readonly location: { readonly path: string | { readonly file: string } };
  }[];
}

let scratch: string;

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), "portolan-gates-"));
});

afterAll(() => rm(scratch, { recursive: true, force: true }));

/** Runs a tool of the project; resolves with what it printed, whatever its exit code. */
function run(
  tool: string,
  args: readonly string[],
  cwd: string,
): Promise<{ readonly failed: boolean; readonly stdout: string }> {
  return new Promise((resolve) => {
    execFile(join(ROOT, "node_modules/.bin", tool), args, { cwd, maxBuffer: 2 ** 24 }, (error, stdout) =>
      resolve({ failed: error !== null, stdout }),
    );
  });
}

describe("the linter, with the project's settings", () => {
  let found: ReadonlySet<string>;

  beforeAll(async () => {
    const settings = JSON.parse(await readFile(join(ROOT, "biome.json"), "utf8"));
    const { vcs: _, files: __, $schema: ___, ...rules } = settings;
    const project = join(scratch, "lint");
    await cp(join(SAMPLES, "lint"), join(project, "src"), { recursive: true });
    await writeFile(join(project, "biome.json"), JSON.stringify({ root: true, ...rules }));
    await symlink(join(ROOT, "package.json"), join(project, "package.json"));
    const { stdout } = await run("biome", ["lint", "--reporter=json", "--max-diagnostics=none", "src"], project);
    const { diagnostics } = JSON.parse(stdout.slice(stdout.indexOf("{"))) as LintReport;
    found = new Set(
      diagnostics
        .filter(({ severity }) => severity === "error")
        .map(({ category, location: { path } }) => `${typeof path === "string" ? path : path.file} ${category}`),
    );
  });

  test("knows a sample for each of its rules, and no other samples are there", async () => {
    expect((await readdir(join(SAMPLES, "lint"))).toSorted((a, b) => (a < b ? -1 : 1))).toEqual(Object.keys(LINT));
  });

  test.each(Object.entries(LINT))("reports %s as an error: %s", (file, rule) => {
    expect([...found]).toContain(`src/${file} ${rule}`);
  });
});

describe("the compile of the core alone", () => {
  let failures: string;

  beforeAll(async () => {
    const project = join(scratch, "core");
    await cp(join(SAMPLES, "core"), join(project, "core"), { recursive: true });
    await writeFile(join(project, "outside.ts"), "export const outside = 1;\n");
    await writeFile(join(project, "core/pure.ts"), "export const pure = [1].map(String);\n");
    const settings = {
      extends: join(ROOT, "tsconfig.core.json"),
      compilerOptions: { rootDir: "core" },
      include: ["core"],
    };
    await writeFile(join(project, "tsconfig.json"), JSON.stringify(settings));
    await symlink(join(ROOT, "package.json"), join(project, "package.json"));
    const { failed, stdout } = await run("tsc", ["-p", "tsconfig.json"], project);
    expect(failed).toBe(true);
    failures = stdout;
  });

  test.each([
    ["reads-a-file.ts", /reads-a-file\.ts\(1,\d+\): error TS\d+: .*node:fs/],
    ["knows-a-type-of-node.ts", /knows-a-type-of-node\.ts\(1,\d+\): error TS\d+: .*node:http/],
    ["reads-the-environment.ts", /reads-the-environment\.ts\(1,\d+\): error TS\d+: .*'process'/],
    ["waits.ts", /waits\.ts\(2,\d+\): error TS\d+: .*'setTimeout'/],
    ["logs.ts", /logs\.ts\(2,\d+\): error TS\d+: .*'console'/],
    ["reaches-out.ts", /reaches-out\.ts\(1,\d+\): error TS6059|outside\.ts' is not under 'rootDir'/],
  ])("refuses %s", (_, error) => {
    expect(failures).toMatch(error);
  });

  test("takes what is pure", () => {
    expect(failures).not.toContain("pure.ts");
  });
});
