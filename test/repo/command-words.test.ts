import { readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { expect, test } from "vitest";
import { scanImports } from "./import-scan.ts";

const SRC = join(import.meta.dirname, "../../src");
const { imports } = scanImports(SRC);
const TABLE = "cli/command-table.ts";
const COMMANDS = imports.flatMap(({ file, target }) => (file === TABLE && /words\//.test(target) ? [target] : []));

/** What a file loads together with itself: no types, and nothing that is imported when it is asked for. */
const STATIC = /^(?:import|export) (?!type\b)[^;"]*?from "([^"]+)"|^import "([^"]+)"/gm;

function loadedWith(file: string, found: Set<string> = new Set()): ReadonlySet<string> {
  if (found.has(file)) return found;
  found.add(file);
  if (!file.endsWith(".ts")) return found;
  for (const [statement, one, other] of readFileSync(join(SRC, file), "utf8").matchAll(STATIC)) {
    const named = /^(?:import|export) \{([^}]*)\}/.exec(statement)?.[1];
    // Of names that are all types nothing is left at run time.
    if (named?.split(",").every((name) => name.trim() === "" || name.trim().startsWith("type "))) continue;
    const target = one ?? other ?? "";
    loadedWith(target.startsWith(".") ? normalize(join(dirname(file), target)) : target, found);
  }
  return found;
}

/** More is a sign that a command's words stand in one file with what it does. */
const MOST_BYTES = 32_000;

test("every command is seen", () => {
  expect(COMMANDS.length).toBeGreaterThan(30);
  expect(loadedWith("cli/words/change/plan.ts")).toContain("cli/command-line/flags.ts");
  expect(loadedWith("cli/commands/plan/plan.ts")).toContain("zod");
});

test.each(COMMANDS)("%s says its words without a package: what does the work is loaded when it runs", (command) => {
  const loaded = [...loadedWith(command)];
  expect(loaded.filter((file) => !file.endsWith(".ts") && !file.startsWith("node:"))).toEqual([]);
  const bytes = loaded.filter((file) => file.endsWith(".ts")).map((file) => readFileSync(join(SRC, file)).byteLength);
  expect(bytes.reduce((sum, size) => sum + size, 0)).toBeLessThan(MOST_BYTES);
});
