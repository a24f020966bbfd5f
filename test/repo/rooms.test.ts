import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { scanImports } from "./import-scan.ts";

const ROOT = join(import.meta.dirname, "../..");
const { files, imports } = scanImports(join(ROOT, "src"));

/**
 * The rooms of a folder, from the bottom up: each may import those before it and none after it, types included. Rooms in one
 * list know nothing of each other. Files at the top of the folder stand above its rooms unless they are listed.
 *
 * The rooms of the core stand in the order in which a pass runs through them, after what all stages know; `reconcile.ts`
 * lists its stages in the same order.
 */
const ROOMS: Readonly<Record<string, readonly (string | readonly string[])[]>> = {
  core: [
    ...["incremental", "catalog", "diagnostics", "traefik", "chart-diff", "ports", "operator-config"],
    ...["neighbours", "settings.ts", "stage.ts"],
    ...[
      "damping",
      "static-entries",
      "translate",
      "policy",
      "default-middlewares",
      "demands",
      "catalog-addresses",
      "instances",
      "targets",
      "merge",
      "budgets",
      "hosts",
      "borrowing",
    ],
    ...["removals", "health-checks", "unfolding", "render", "closed-ports", "changes"],
    ...[
      "memory.ts",
      "decision.ts",
      "compat",
      "warm-caches.ts",
      "reconcile.ts",
      "traefik-result",
      ["explain", "compare"],
    ],
  ],
  "core/traefik": [
    ...["backend-url.ts", "normalize.ts", "url-credentials.ts", "vocabulary", "schema", "chart", "connections"],
    ...["labels", "decode"],
    ...["predicate", "constraints", "rule", "rule-reach", "request-match", "weight", "lint", "hints"],
  ],
  sources: ["catalog", "credentials", "http/client", "http", "polling", "watch", ["consul", "nomad", "kubernetes"]],
  output: ["files", ["state", "lock", "chart"]],
  config: ["files", "resolve", "written"],
  app: [
    "process",
    "traefik-files",
    "observed",
    "stored-state",
    "catalogs",
    "schedulers",
    ["dynamic-ports", "allocations", "port-survey"],
    "inputs",
    "traefik",
    "edges",
    "dry-pass",
    ["explain", "moving", "support-bundle"],
    "surroundings",
    "chart-listener",
    "name-check",
  ],
  cli: ["text", "command-line", "completion", "flags", "commands", "words"],
  "go-template": ["fault.ts", "budget.ts", "value", "syntax", "format", "functions"],
  simulator: ["state", "api", "consul", "acl", "faults", "nomad"],
};

interface Place {
  /** The room, or the file where it lies in none. */
  readonly room: string;
  /** From the bottom, 0. */
  readonly level: number;
}

/** Where a file stands in the order of its folder; undefined in a room that has no place there. */
function placeIn(folder: string, path: string): Place | undefined {
  const order = ROOMS[folder] ?? [];
  const name = path.slice(folder.length + 1);
  const rooms = order.flatMap((rooms, level) => [rooms].flat().map((room) => ({ room, level })));
  const nearest = rooms
    .filter(({ room }) => name === room || name.startsWith(`${room}/`))
    .toSorted((one, other) => other.room.length - one.room.length)[0];
  if (nearest !== undefined) return nearest;
  return name.includes("/") ? undefined : { room: name, level: order.length };
}

describe.each(Object.keys(ROOMS))("%s", (folder) => {
  const isInside = (path: string) => path.startsWith(`${folder}/`);

  test("every file stands in a room that has its place in the order", () => {
    const own = files.filter(isInside);
    expect(own.length).toBeGreaterThan(10);
    expect(own.filter((file) => placeIn(folder, file) === undefined)).toEqual([]);
  });

  test("no room imports one beside or above it", () => {
    const wrong = imports.filter(({ file, target }) => {
      if (!isInside(file) || !isInside(target)) return false;
      const [from, to] = [placeIn(folder, file), placeIn(folder, target)];
      if (from === undefined || to === undefined || from.room === to.room) return false;
      const areAtTop = from.level === to.level && from.level === ROOMS[folder]?.length;
      return !areAtTop && to.level >= from.level;
    });
    expect(wrong.map(({ file, target }) => `${file} → ${target}`)).toEqual([]);
  });
});

test("the stages of a pass stand in reconcile.ts in the order of their rooms", () => {
  const text = readFileSync(join(ROOT, "src/core/reconcile.ts"), "utf8");
  const roomOfStage = new Map(
    Array.from(text.matchAll(/^import \{ ([^}]+) \} from "\.\/([^/"]+)\/[^"]+";$/gm), ([, names = "", room = ""]) =>
      names.split(", ").map((name) => [name, room] as const),
    ).flat(),
  );
  const stages = Array.from(text.matchAll(/stages\.run\((\w+)/g), ([, stage = ""]) => roomOfStage.get(stage) ?? stage);
  expect(stages.length).toBeGreaterThan(8);
  const order = ROOMS["core"] ?? [];
  expect(stages).toEqual(stages.toSorted((one, other) => order.indexOf(one) - order.indexOf(other)));
});

/** What the rest of the program may import of a folder that stands apart. Tests and benchmarks reach into its rooms. */
const DOORS: Readonly<Record<string, string>> = {
  "go-template": "go-template/go-template.ts",
  simulator: "simulator/simulator.ts",
};

test("a folder that stands apart is entered by its door", () => {
  const wrong = imports.filter(({ file, target }) => {
    const [folder = ""] = target.split("/");
    const door = DOORS[folder];
    return door !== undefined && !file.startsWith(`${folder}/`) && target !== door;
  });
  expect(wrong.map(({ file, target }) => `${file} → ${target}`)).toEqual([]);
});
