import { readFileSync } from "node:fs";
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
  base: ["js-yaml", "node:fs", "node:path", "node:timers/promises"],
  go: ["ipaddr.js", "re2js"],
  "go-template": ["base/nearest.ts", "go"],
  core: ["base/mapping.ts", "base/nearest.ts", "go", "go-template"],
  sources: ["core/catalog", "core/diagnostics", "core/ports", "base", "axios", "consul", "zod", "node:"],
  output: [
    ...["base", "node:crypto", "node:fs", "node:net", "node:path", "node:timers/promises", "node:util", "node:zlib"],
  ],
  control: ["base", "zod", "node:"],
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

/**
 * The rooms and files of the core, from the bottom up: first what all stages know, then the stages in the order in which a
 * pass runs through them, then what puts them together. Each may import those that its row names, which stand before it,
 * so that nothing imports back up; types are no exception. `core/reconcile.ts` lists the same stages in the same order.
 */
const CORE: readonly (readonly [room: string, mayImport: readonly string[]])[] = [
  ["incremental", []],
  ["catalog", ["incremental"]],
  ["diagnostics", ["catalog"]],
  ["traefik", ["incremental", "catalog", "diagnostics"]],
  ["ports", ["incremental", "catalog", "diagnostics", "traefik"]],
  ["operator-config", ["incremental", "catalog", "diagnostics", "traefik"]],
  ["settings.ts", ["traefik", "ports"]],
  ["stage.ts", ["incremental", "catalog", "diagnostics", "operator-config", "settings.ts"]],
  ["damping", ["incremental", "catalog", "diagnostics", "settings.ts", "stage.ts"]],
  ["translate", ["catalog", "diagnostics", "traefik", "ports", "settings.ts"]],
  ["policy", ["incremental", "catalog", "diagnostics", "traefik", "ports", "settings.ts", "translate"]],
  [
    "instances",
    [
      ...["incremental", "catalog", "diagnostics", "traefik", "ports", "operator-config", "settings.ts", "stage.ts"],
      ...["translate", "policy"],
    ],
  ],
  [
    "merge",
    ["incremental", "catalog", "diagnostics", "traefik", "operator-config", "stage.ts", "translate", "instances"],
  ],
  [
    "hosts",
    [
      ...["incremental", "catalog", "diagnostics", "traefik", "operator-config", "settings.ts"],
      ...["policy", "instances", "merge"],
    ],
  ],
  [
    "removals",
    ["incremental", "catalog", "traefik", "operator-config", "settings.ts", "stage.ts", "instances", "merge"],
  ],
  ["render", ["incremental", "traefik", "operator-config", "stage.ts", "instances", "merge"]],
  ["changes", ["incremental", "catalog", "traefik", "stage.ts", "instances", "merge", "removals"]],
  ["memory.ts", ["catalog", "traefik", "damping", "instances", "merge", "hosts", "removals", "render", "changes"]],
  [
    "decision.ts",
    ["catalog", "diagnostics", "traefik", "operator-config", "settings.ts", "stage.ts", "changes", "memory.ts"],
  ],
  [
    "compat",
    [
      ...[
        "incremental",
        "catalog",
        "diagnostics",
        "traefik",
        "operator-config",
        "settings.ts",
        "stage.ts",
        "translate",
      ],
      ...["instances", "merge", "changes", "memory.ts", "decision.ts"],
    ],
  ],
  ["warm-caches.ts", ["incremental", "catalog", "traefik", "settings.ts", "instances", "merge", "compat"]],
  [
    "reconcile.ts",
    [
      ...[
        "incremental",
        "catalog",
        "stage.ts",
        "damping",
        "instances",
        "merge",
        "hosts",
        "removals",
        "render",
        "changes",
      ],
      ...["memory.ts", "decision.ts", "compat", "warm-caches.ts"],
    ],
  ],
];

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

/** The room of the core that a file lies in, or the file itself where it lies in none; undefined outside of the core. */
function coreRoomOf(path: string): string | undefined {
  return path.startsWith("core/") ? path.split("/")[1] : undefined;
}

test("every room of the core has its place in the order", () => {
  const rooms = new Set(files.map(coreRoomOf).filter((room) => room !== undefined));
  expect(CORE.map(([room]) => room).toSorted()).toEqual([...rooms].toSorted());
});

test("no room of the core may import one that does not stand before it", () => {
  const order = CORE.map(([room]) => room);
  const wrong = CORE.flatMap(([room, mayImport], position) =>
    mayImport.filter((one) => !order.slice(0, position).includes(one)).map((one) => `${room} → ${one}`),
  );
  expect(wrong).toEqual([]);
});

test("each room of the core imports what its row names, and nothing else of the core", () => {
  const rows = new Map(CORE);
  const wrong = imports.filter(({ file, target }) => {
    const [from, to] = [coreRoomOf(file), coreRoomOf(target)];
    if (from === undefined || to === undefined || from === to) return false;
    return rows.get(from)?.includes(to) !== true;
  });
  expect(wrong.map(({ file, target }) => `${file} → ${target}`)).toEqual([]);
});

test("the stages of a pass stand in reconcile.ts in the order of their rooms", () => {
  const text = readFileSync(join(ROOT, "src/core/reconcile.ts"), "utf8");
  const roomOfStage = new Map(
    Array.from(text.matchAll(/^import \{ ([^}]+) \} from "\.\/([^/"]+)\/[^"]+";$/gm), ([, names = "", room = ""]) =>
      names.split(", ").map((name) => [name, room] as const),
    ).flat(),
  );
  const stages = Array.from(text.matchAll(/stages\.run\((\w+)/g), ([, stage = ""]) => roomOfStage.get(stage) ?? stage);
  const order = CORE.map(([room]) => room);
  expect(stages.length).toBeGreaterThan(8);
  expect(stages).toEqual(stages.toSorted((one, other) => order.indexOf(one) - order.indexOf(other)));
});

test("no files import each other in a circle, not even for their types", () => {
  const targets = Map.groupBy(
    imports.filter(({ target }) => target.endsWith(".ts")),
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
    ({ file, target }) => folderOf(file) === "config" && /^(?:node:fs|base\/bounded-file)/.test(target),
  );
  expect(readers.map(({ file }) => file)).toEqual(["config/load.ts"]);
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

/**
 * The rooms of the shell's folders: each may import from those before it, types included. The files at a folder's own top stand
 * above its rooms, and the rooms that are named together know nothing of each other.
 */
const SHELL_ROOMS: Readonly<Record<string, readonly (string | readonly string[])[]>> = {
  app: ["process", "stored-state", "catalogs", "dynamic-ports", "edges"],
  cli: ["text", "command-line", "commands"],
  config: ["files", "resolve"],
  output: ["files", ["state", "lock", "chart"]],
};

/** The level of a file within its folder, from the bottom, and its room; undefined for other folders and unknown rooms. */
function shellRoomOf(
  path: string,
): { readonly folder: string; readonly room: string; readonly level: number } | undefined {
  const [folder = "", room = "", ...rest] = path.split("/");
  const rooms = SHELL_ROOMS[folder];
  if (rooms === undefined) return undefined;
  if (rest.length === 0) return { folder, room: "", level: rooms.length };
  const level = rooms.findIndex((one) => [one].flat().includes(room));
  return level < 0 ? undefined : { folder, room, level };
}

test.each(Object.keys(SHELL_ROOMS))(
  "%s: every file stands in a room, and no room imports from one beside or above it",
  (folder) => {
    const own = (path: string) => folderOf(path) === folder;
    expect(files.filter(own).filter((file) => shellRoomOf(file) === undefined)).toEqual([]);
    const wrong = imports.filter(({ file, target }) => {
      const [from, to] = [shellRoomOf(file), shellRoomOf(target)];
      if (!own(file) || !own(target) || from === undefined || to === undefined || from.room === to.room) return false;
      return to.level >= from.level;
    });
    expect(wrong.map(({ file, target }) => `${file} → ${target}`)).toEqual([]);
  },
);

test("the tests run on the Node that comes with the dependencies", () => {
  expect(process.version).toMatch(/^v24\./);
});
