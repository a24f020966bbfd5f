import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readPage } from "./blocks.ts";

const FOLDER = join(import.meta.dirname, "../../docs");

/** Rows that name a golden case: what is said stands there between backquotes. */
const ROWS = readPage("docs/troubleshooting.md")
  .split("\n")
  .flatMap((row) => {
    const [, path] = /\]\((\.\.\/test\/golden\/explain\/[\w-]+\.case\.yml)\)/.exec(row) ?? [];
    const said = Array.from(row.matchAll(/`([^`]+)`/g), ([, text = ""]) => text);
    return path === undefined ? [] : [{ path, said }];
  });

test("docs/troubleshooting.md has a golden case for most answers of explain", () => {
  expect(ROWS.length).toBeGreaterThanOrEqual(8);
});

test.each(ROWS)("$path has one of the words that its row promises", ({ path, said }) => {
  const text = readFileSync(join(FOLDER, path), "utf8");
  expect(said.filter((word) => text.includes(word))).not.toEqual([]);
});
