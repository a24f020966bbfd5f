import { join } from "node:path";
import { expect, test } from "vitest";
import { importsIn, scanImports } from "./import-scan.ts";

const ROOT = join(import.meta.dirname, "../..");

/**
 * What each folder of src may import besides itself: folders and files of src, packages and Node's modules. Another row is a
 * new direction: think twice.
 */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  "main.ts": ["program.ts"],
  "program.ts": ["cli", "base", "node:timers/promises", "node:v8"],
  base: ["js-yaml", "node:fs", "node:path", "node:timers/promises"],
  go: ["@noble/hashes", "ipaddr.js", "re2js"],
  "go-template": ["base/nearest.ts", "go"],
  core: ["base/mapping.ts", "base/nearest.ts", "go", "go-template"],
  sources: ["core/catalog", "core/diagnostics", "core/ports", "base", "axios", "consul", "zod", "node:"],
  "traefik-api": [
    ...["core/traefik", "core/traefik-result", "sources/http/client", "sources/credentials", "base", "go", "zod"],
    ...["node:"],
  ],
  output: [
    ...["base", "node:crypto", "node:fs", "node:net", "node:path", "node:timers/promises", "node:util", "node:zlib"],
  ],
  control: ["base", "zod", "node:"],
  api: ["base", "zod", "node:http"],
  config: [
    ...["core/operator-config", "core/policy", "core/ports", "core/settings.ts", "core/traefik", "core/translate"],
    ...["base", "go", "zod", "node:crypto", "node:path"],
  ],
  observe: ["api", "core", "base", "pino", "pino-pretty", "prom-client", "node:crypto"],
  snippets: ["core/operator-config", "core/traefik", "base", "js-yaml", "node:fs", "node:path"],
  neighbours: ["core/neighbours", "core/traefik", "base", "go", "js-yaml", "smol-toml", "node:fs", "node:path"],
  migrate: ["config", "core", "base", "go", "smol-toml"],
  job: ["core", "config/files/schema-problem.ts", "base", "go", "zod"],
  web: [
    ...["api", "observe", "core", "base", "node:crypto", "node:fs", "node:http", "node:https", "node:net", "node:path"],
    ...["node:stream"],
  ],
  // In the browser: of the daemon it knows what the API tells, as types.
  explained: [
    ...["api/resources", "base/count.ts", "base/iso-seconds.ts", "core/diagnostics/shell-word.ts"],
    "observe/nomad-words.ts",
  ],
  page: [
    ...["api/resources", "api/refusal.ts", "base/age.ts", "base/count.ts", "base/printable.ts"],
    ...["core/diagnostics/shell-word.ts", "explained", "preact"],
  ],
  daemon: ["core", "observe", "base"],
  simulator: ["base", "node:"],
  app: [
    ...["api", "config", "control", "core", "daemon", "neighbours", "observe", "output", "snippets", "sources", "web"],
    ...["migrate", "traefik-api", "base", "zod", "node:"],
  ],
  demo: ["app", "config", "output/lock", "simulator", "base", "node:"],
  cli: [
    ...[
      "api",
      "app",
      "config",
      "control",
      "core",
      "demo",
      "explained",
      "job",
      "migrate",
      "observe",
      "neighbours",
      "traefik-api",
    ],
    ...["base", "zod", "js-yaml", "node:util"],
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
  expect(imports).toContainEqual({ file: "core/reconcile.ts", target: "core/removals/planned-removals.ts" });
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

test("no files import each other in a circle, not even for their types", () => {
  const targets = Map.groupBy(
    imports.filter(({ target }) => /\.tsx?$/.test(target)),
    ({ file }) => file,
  );
  const finished = new Set<string>();
  const path: string[] = [];
  const circles: string[] = [];
  function follow(file: string): void {
    const start = path.indexOf(file);
    if (start >= 0) circles.push([...path.slice(start), file].join(" → "));
    if (start >= 0 || finished.has(file)) return;
    path.push(file);
    for (const { target } of targets.get(file) ?? []) follow(target);
    path.pop();
    finished.add(file);
  }
  for (const file of targets.keys()) follow(file);
  expect(circles).toEqual([]);
});

test("the settings file is read in one place", () => {
  const readers = imports.filter(
    ({ file, target }) => folderOf(file) === "config" && /^(?:node:fs|base\/(?:bounded|input)-file)/.test(target),
  );
  expect(readers.map(({ file }) => file)).toEqual(["config/read-yaml.ts"]);
});

test("the tests run on the Node that comes with the dependencies", () => {
  expect(process.version).toMatch(/^v24\./);
});

test("what Traefik's API tells cannot decide the chart: nothing that a pass is made of can know of it", () => {
  const targets = Map.groupBy(imports, ({ file }) => file);
  const reached = new Set<string>();
  function reach(file: string): void {
    if (reached.has(file)) return;
    reached.add(file);
    for (const { target } of targets.get(file) ?? []) reach(target);
  }
  reach("core/reconcile.ts");
  expect(reached.size).toBeGreaterThan(200);
  const isToldBy = (file: string) => /^(?:core\/traefik-result|traefik-api)\//.test(file);
  expect([...reached].filter(isToldBy)).toEqual([]);
  // Nor does the daemon, which publishes what a pass decides, take any of it.
  expect(imports.filter(({ file, target }) => folderOf(file) === "daemon" && isToldBy(target))).toEqual([]);
});
