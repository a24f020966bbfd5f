import { join } from "node:path";
import { expect, test } from "vitest";
import { importsIn, scanImports } from "./import-scan.ts";

const ROOT = join(import.meta.dirname, "../..");

/**
 * What each folder of src may import besides itself: folders and files of src, packages and Node's modules. Whoever
 * needs another row has found a new direction and should think twice.
 */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  "bounded-file.ts": ["node:fs"],
  "clock.ts": ["node:timers/promises"],
  "deferred.ts": [],
  "directory-events.ts": ["node:fs"],
  "errors.ts": [],
  "main.ts": ["cli", "errors.ts", "printable.ts", "node:v8"],
  "printable.ts": [],
  "yaml-text.ts": ["js-yaml"],
  core: ["re2js"],
  sources: [
    ...["core/snapshot.ts", "core/diagnostics.ts", "core/ports"],
    ...["clock.ts", "deferred.ts", "errors.ts", "zod", "node:"],
  ],
  output: [
    "core/traefik/dynamic-config.ts",
    "errors.ts",
    "clock.ts",
    "deferred.ts",
    "directory-events.ts",
    "node:crypto",
    "node:fs",
    "node:path",
    "node:net",
    "node:timers/promises",
    "node:util",
    "node:zlib",
  ],
  control: ["output/short-path.ts", "errors.ts", "zod", "node:"],
  config: [
    "core/claims",
    "core/ports",
    "core/settings.ts",
    "core/statics",
    "core/traefik",
    "bounded-file.ts",
    "errors.ts",
    "yaml-text.ts",
    "zod",
    "node:crypto",
  ],
  observe: ["core", "clock.ts", "errors.ts", "printable.ts", "pino", "pino-pretty", "prom-client", "node:crypto"],
  snippets: [
    ...["core/statics", "core/traefik", "clock.ts", "deferred.ts", "directory-events.ts", "errors.ts"],
    ...["bounded-file.ts", "yaml-text.ts", "js-yaml", "node:fs", "node:path"],
  ],
  web: ["observe", "core", "errors.ts", "printable.ts", "node:http"],
  daemon: ["core", "observe", "clock.ts", "deferred.ts", "errors.ts"],
  simulator: ["clock.ts", "deferred.ts", "errors.ts", "node:"],
  demo: ["simulator", "clock.ts", "errors.ts", "node:"],
  cli: [
    ...["config", "control", "core", "daemon", "demo", "observe", "output", "simulator", "snippets", "sources", "web"],
    ...["clock.ts", "deferred.ts", "errors.ts", "printable.ts", "zod", "js-yaml", "node:"],
  ],
};

const { files, imports } = scanImports(join(ROOT, "src"));

function folderOf(path: string): string {
  return path.split("/")[0] ?? path;
}

/** `core` allows all below it, `core/traefik` too, `node:` every module of Node's, and `node:fs` its promises as well. */
function isAllowed(target: string, allowed: readonly string[]): boolean {
  return allowed.some((one) => target === one || target.startsWith(one.endsWith(":") ? one : `${one}/`));
}

test("the scan has looked at the whole source", () => {
  expect(files.length).toBeGreaterThan(80);
  expect(imports.length).toBeGreaterThan(200);
  expect(imports).toContainEqual({ file: "core/reconcile.ts", target: "core/traefik/render.ts" });
  expect(imports).toContainEqual({ file: "web/server.ts", target: "node:http" });
});

test("the scan sees every kind of import", () => {
  const text = [
    'import { a } from "./a.ts";',
    'import type { B } from "./b.ts";',
    'import {\n  c,\n  d,\n} from "./c.ts";',
    'export { e } from "./e.ts";',
    'export * from "./f.ts";',
    'import "./g.ts";',
    'const h = await import("./h.ts");',
    '// from "./comment.ts"',
  ];
  expect(importsIn(text.join("\n"))).toEqual(["./a.ts", "./b.ts", "./c.ts", "./e.ts", "./f.ts", "./g.ts", "./h.ts"]);
});

test("every folder of the source has its row", () => {
  expect([...new Set(files.map(folderOf))].filter((folder) => ALLOWED[folder] === undefined)).toEqual([]);
});

test("imports go in the allowed directions only", () => {
  const wrong = imports.filter(({ file, target }) => {
    const folder = folderOf(file);
    return folderOf(target) !== folder && !isAllowed(target, ALLOWED[folder] ?? []);
  });
  expect(wrong.map(({ file, target }) => `${file} → ${target}`)).toEqual([]);
});

test("the settings file is read in one place", () => {
  const readers = imports.filter(
    ({ file, target }) => folderOf(file) === "config" && /^(?:node:fs|bounded-file)/.test(target),
  );
  expect(readers.map(({ file }) => file)).toEqual(["config/load.ts"]);
});

test("the tests run on the Node that comes with the dependencies", () => {
  expect(process.version).toMatch(/^v24\./);
});
