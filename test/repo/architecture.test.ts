import { join } from "node:path";
import { expect, test } from "vitest";
import { importsIn, scanImports } from "./import-scan.ts";

const ROOT = join(import.meta.dirname, "../..");

/**
 * What each folder of src may import besides itself: folders and files of src, packages and Node's modules. Another row is a
 * new direction: think twice.
 */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  "main.ts": ["cli", "base", "node:v8"],
  base: ["js-yaml", "node:fs", "node:timers/promises"],
  go: ["re2js"],
  "go-template": ["base/nearest.ts", "go", "re2js"],
  core: ["base/mapping.ts", "base/nearest.ts", "go", "go-template"],
  sources: ["core/catalog", "core/diagnostics", "core/ports", "base", "axios", "consul", "zod", "node:"],
  output: [
    ...["base", "node:crypto", "node:fs", "node:net", "node:path", "node:timers/promises", "node:util", "node:zlib"],
  ],
  control: ["output/lock/short-path.ts", "base", "zod", "node:"],
  config: [
    ...["core/operator-config", "core/policy", "core/ports", "core/settings.ts", "core/traefik", "core/translate"],
    ...["base", "go", "zod", "node:crypto"],
  ],
  observe: ["core", "base", "pino", "pino-pretty", "prom-client", "node:crypto"],
  snippets: ["core/operator-config", "core/traefik", "base", "js-yaml", "node:fs", "node:path"],
  web: ["observe", "core", "base", "node:http"],
  daemon: ["core", "observe", "base"],
  simulator: ["base", "node:"],
  app: [
    ...["config", "control", "core", "daemon", "observe", "output", "snippets", "sources", "web"],
    ...["base", "zod", "node:"],
  ],
  demo: ["app", "config", "simulator", "base", "node:"],
  cli: [...["app", "config", "control", "core", "demo", "observe"], ...["base", "zod", "js-yaml", "node:util"]],
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
  expect(imports).toContainEqual({ file: "core/reconcile.ts", target: "core/traefik/chart/render.ts" });
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
    ({ file, target }) => folderOf(file) === "config" && /^(?:node:fs|base\/bounded-file)/.test(target),
  );
  expect(readers.map(({ file }) => file)).toEqual(["config/files/load.ts"]);
});

/**
 * The rooms of `sources`, each of which may import from those before it, types included. The products, last, know nothing of
 * each other.
 */
const SOURCE_ROOMS = ["catalog", "credentials", "http/client", "http", "polling", "watch", "consul", "nomad"];
const PRODUCT_ROOMS = ["consul", "nomad"];

/** The room of a file of `sources`; undefined for a file elsewhere. */
function sourceRoomOf(path: string): string | undefined {
  const [folder, ...rest] = path.split("/");
  if (folder !== "sources") return undefined;
  const name = rest.join("/");
  return SOURCE_ROOMS.toSorted((a, b) => b.length - a.length).find((room) => name.startsWith(`${room}/`)) ?? name;
}

test("sources: every file stands in a room, and no room imports from one above it", () => {
  expect(files.flatMap((file) => sourceRoomOf(file) ?? []).filter((room) => !SOURCE_ROOMS.includes(room))).toEqual([]);
  const upwards = imports.filter(({ file, target }) => {
    const [from, to] = [sourceRoomOf(file), sourceRoomOf(target)];
    if (from === undefined || to === undefined || from === to) return false;
    const isProduct = PRODUCT_ROOMS.includes(from) && PRODUCT_ROOMS.includes(to);
    return isProduct || SOURCE_ROOMS.indexOf(to) > SOURCE_ROOMS.indexOf(from);
  });
  expect(upwards.map(({ file, target }) => `${file} → ${target}`)).toEqual([]);
});

test("sources: no circle of files, types included", () => {
  const next = new Map(
    files.map((file) => [file, imports.filter((one) => one.file === file).map(({ target }) => target)]),
  );
  const reached = (from: string): ReadonlySet<string> => {
    const found = new Set<string>();
    const open = [from];
    for (let one = open.pop(); one !== undefined; one = open.pop()) {
      for (const target of next.get(one) ?? []) {
        if (found.has(target)) continue;
        found.add(target);
        open.push(target);
      }
    }
    return found;
  };
  expect(files.filter((file) => file.startsWith("sources/") && reached(file).has(file))).toEqual([]);
});

test("the tests run on the Node that comes with the dependencies", () => {
  expect(process.version).toMatch(/^v24\./);
});
