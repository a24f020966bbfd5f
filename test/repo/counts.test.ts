import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { count } from "../../src/base/count.ts";

const SRC = join(import.meta.dirname, "../../src");

const THINGS =
  "arguments|catalogs|changes|characters|checks|connections|diagnostics|entries|files|groups|hosts|instances|nodes|parts|requests|routers|routes|rules|servers|services|tags|things|versions";
/** A number that is worked out, and behind it a word for several things. Constants are written in capitals. */
const COUNT_IN_TEXT = new RegExp(`\\$\\{([^}]*[a-z][^}]*)\\} (?:(?!has |is )[a-z]+ )?(?:${THINGS})\\b`, "g");

/** Numbers that are never 1: they are told only where they are above a limit, or where there are several. */
const NEVER_ONE = new Set(["text.length", "tags.length", "characters", "length", "names.length"]);

describe("no text says 1 nodes", () => {
  const files = readdirSync(SRC, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts"));

  test("a number of things is written by count, which knows the singular", () => {
    const found = files.flatMap((file) =>
      [...readFileSync(join(SRC, file), "utf8").matchAll(COUNT_IN_TEXT)]
        .filter(([, number = ""]) => !NEVER_ONE.has(number) && !/^JSON\.stringify|\bjoin\(|names?$/i.test(number))
        .map(([text]) => `${file}: ${text}`),
    );
    expect(found).toEqual([]);
  });

  test("the search finds what it is for", () => {
    const inTemplate = (expression: string, rest: string) => ["$", "{", expression, "}", rest].join("");
    expect(inTemplate("nodes", " nodes").match(COUNT_IN_TEXT)).not.toBeNull();
    expect(inTemplate('count(nodes, "node")', "").match(COUNT_IN_TEXT)).toBeNull();
  });

  test.each([
    [1, "1 entry"],
    [0, "0 entries"],
    [2, "2 entries"],
  ])("%i: %s", (number, text) => {
    expect(count(number, "entry", "entries")).toBe(text);
  });
});
