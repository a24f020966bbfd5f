import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { scanImports } from "./import-scan.ts";

const { files, imports } = scanImports(join(import.meta.dirname, "../../src"));

/**
 * The rooms of a folder from the bottom up: each may import those before it and none after it, types included. Files that
 * lie in no room are below all rooms where they are listed, else above.
 */
const ORDER: Readonly<Record<string, readonly string[]>> = {
  "core/traefik": [
    "backend-url.ts",
    "normalize.ts",
    "url-credentials.ts",
    "vocabulary",
    "schema",
    "chart",
    "labels",
    "decode",
    "predicate",
    "constraints",
    "rule",
    "rule-reach",
    "lint",
    "hints",
  ],
  "go-template": ["fault.ts", "budget.ts", "value", "syntax", "format", "functions"],
  simulator: ["state", "api", "consul", "acl", "faults", "nomad"],
};

/** What the rest of the program may import of a folder. Tests and benchmarks reach into its rooms. */
const DOORS: Readonly<Record<string, string>> = {
  "go-template": "go-template/go-template.ts",
  simulator: "simulator/simulator.ts",
};

describe.each(Object.entries(ORDER))("%s", (folder, order) => {
  const roomOf = (path: string) => path.slice(folder.length + 1).split("/")[0] ?? "";
  const levelOf = (path: string) => {
    const level = order.indexOf(roomOf(path));
    return level < 0 ? order.length : level;
  };
  const inside = imports.filter(({ file, target }) => file.startsWith(`${folder}/`) && target.startsWith(`${folder}/`));

  test("every room has its place in the order", () => {
    expect(inside.length).toBeGreaterThan(30);
    const rooms = files.filter(
      (file) => file.startsWith(`${folder}/`) && file.split("/").length > folder.split("/").length + 1,
    );
    expect([...new Set(rooms.map(roomOf))].filter((room) => !order.includes(room))).toEqual([]);
  });

  test("no room imports one that is above it", () => {
    const wrong = inside.filter(({ file, target }) => levelOf(file) < levelOf(target));
    expect(wrong.map(({ file, target }) => `${file} → ${target}`)).toEqual([]);
  });
});

test("each folder that stands apart is entered by its door", () => {
  const wrong = imports.filter(({ file, target }) => {
    const [folder = ""] = target.split("/");
    const door = DOORS[folder];
    return door !== undefined && !file.startsWith(`${folder}/`) && target !== door;
  });
  expect(wrong.map(({ file, target }) => `${file} → ${target}`)).toEqual([]);
});

test.each(["core/traefik", "go", "go-template", "simulator"])(
  "no files of %s import each other in a circle",
  (folder) => {
    const targets = Map.groupBy(
      imports.filter(({ file, target }) => file.startsWith(`${folder}/`) && target.startsWith(`${folder}/`)),
      ({ file }) => file,
    );
    const finished = new Set<string>();
    const circles: string[] = [];
    function follow(file: string, path: readonly string[]): void {
      if (path.includes(file)) circles.push([...path.slice(path.indexOf(file)), file].join(" → "));
      if (finished.has(file) || path.includes(file)) return;
      for (const { target } of targets.get(file) ?? []) follow(target, [...path, file]);
      finished.add(file);
    }
    for (const file of targets.keys()) follow(file, []);
    expect(circles).toEqual([]);
  },
);
