import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { DIAGNOSTIC_CODES } from "../../../src/core/diagnostics/diagnostics.ts";
import { readExplainCases } from "./explain-case.ts";

const ROOT = join(import.meta.dirname, "../../..");
const PAGE = readFileSync(join(ROOT, "docs/explain.md"), "utf8");

const cases = readExplainCases();

/** The examples of a page: what is typed, and what is printed, in the pieces between `…`. */
function examplesIn(page: string) {
  return Array.from(
    page.matchAll(/^```\n\$ portolan explain '?([^'\n]+)'?\n([\s\S]*?)^```$/gm),
    ([, about = "", printed = ""]) => ({
      about,
      pieces: printed.split(/^…$/m).filter((piece) => piece.trim() !== ""),
    }),
  );
}

test("what docs/explain.md shows is what explain prints", () => {
  const examples = examplesIn(PAGE);
  expect(examples).toHaveLength(3);
  for (const { about, pieces } of examples) {
    expect(pieces.length).toBeGreaterThan(0);
    const texts = cases.filter((asked) => asked.explain === about).map(({ text }) => text);
    expect(
      texts.filter((text) => pieces.every((piece) => text.includes(piece))),
      about,
    ).not.toEqual([]);
  }
});

test("the README's pictures are there, and the terminal's says what explain prints", () => {
  const readme = readFileSync(join(ROOT, "README.md"), "utf8");
  const pictures = [...readme.matchAll(/!\[([^\]]{20,})\]\((docs\/pictures\/[\w.]+)\)/g)].map(([, , path]) => path);
  expect(pictures).toEqual(["docs/pictures/page.png", "docs/pictures/terminal.svg"]);
  const svg = readFileSync(join(ROOT, "docs/pictures/terminal.svg"), "utf8");
  const lines = [...svg.matchAll(/<text [^>]*>([^<]*)</g)].map(([, text = ""]) => text);
  const why = lines.slice(lines.indexOf("Why"), lines.indexOf("Where"));
  const remedy = lines.slice(lines.indexOf("Remedy")).slice(0, 2);
  expect(lines.slice(0, 3)).toEqual(["$", "portolan explain wiki", "✗ service wiki is not routed"]);
  const [example] = examplesIn(PAGE).filter(({ about }) => about === "wiki");
  for (const line of [...why, ...remedy]) expect(example?.pieces.join("\n")).toContain(line);
  expect([why.length, remedy.length]).toEqual([4, 2]);
});

test("every reason of explain's own has its line in docs/explain.md", () => {
  const folder = join(ROOT, "src/core/explain");
  const sources = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".ts"));
  const codes = sources.flatMap((name) =>
    Array.from(readFileSync(join(folder, name), "utf8").matchAll(/\bcode: "([A-Z_]+)"/g), ([, code = ""]) => code),
  );
  expect(new Set(codes).size).toBeGreaterThan(15);
  expect(
    [...new Set(codes)].filter((code) => !(code in DIAGNOSTIC_CODES) && !PAGE.includes(`| \`${code}\` |`)),
  ).toEqual([]);
});
