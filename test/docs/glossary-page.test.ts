import { describe, expect, test } from "vitest";
import { documentedPages, readPage } from "./blocks.ts";

const PAGE = "docs/glossary.md";

interface Word {
  readonly word: string;
  readonly not: readonly string[];
}

const WORDS: readonly Word[] = Array.from(
  readPage(PAGE).matchAll(/^\| ([a-z ]+) \| .* \|(?: ([a-z, -]+))? \|$/gm),
  ([, word = "", not = ""]) => ({ word, not: not === "" ? [] : not.split(", ") }),
).filter(({ word }) => word !== "word");

/** What is said, without blocks, code and the targets of links. */
function saidIn(text: string): string {
  return text
    .replaceAll(/^```[\s\S]*?^```$/gm, "")
    .replaceAll(/`[^`\n]*`/g, "")
    .replaceAll(/\]\([^)\n]*\)/g, "]");
}

const said = documentedPages()
  .filter((page) => page !== PAGE)
  .map((page) => ({ page, text: saidIn(readPage(page)) }));

function pagesThatSay(word: string): readonly string[] {
  const pattern = new RegExp(`(?<![\\w-])${word}(?:s|es)?(?![\\w-])`, "i");
  return said.filter(({ text }) => pattern.test(text)).map(({ page }) => page);
}

describe("docs/glossary.md", () => {
  test("has the words that a reader needs, and no more than fit on a page", () => {
    expect(WORDS.length).toBeGreaterThan(15);
    expect(readPage(PAGE).split(/\s+/).length).toBeLessThan(596);
  });

  test.each(WORDS)("$word is used", ({ word }) => {
    expect(pagesThatSay(word)).not.toEqual([]);
  });

  test.each(WORDS.flatMap(({ not, word }) => not.map((other) => ({ word, other }))))(
    "no page says $other for $word",
    ({ other }) => {
      expect(pagesThatSay(other)).toEqual([]);
    },
  );
});

test("a word is found in what is said, and not in code or in the target of a link", () => {
  expect(saidIn("a `kin` [b](kin.md)\n```\nkin\n```\n")).not.toContain("kin");
  expect(saidIn("their [kin](a.md)")).toContain("kin");
});
