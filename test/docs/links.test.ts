import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { documentedPages, readPage } from "./blocks.ts";
import { anchorsOf, type Link, linksIn } from "./links.ts";

const ROOT = join(import.meta.dirname, "../..");
const PAGES = [...documentedPages(), "CHANGELOG.md"];
const links = PAGES.flatMap((page) => linksIn(page, readPage(page)));

const told = ({ page, line, file, place }: Link) => `${page}:${line}: ${file}${place === undefined ? "" : `#${place}`}`;

test("every link and every picture leads to something in the repository", () => {
  expect(links.length).toBeGreaterThan(400);
  expect(links.filter(({ file }) => file.startsWith("..") || !existsSync(join(ROOT, file))).map(told)).toEqual([]);
});

test("every place within a page is one of its headings, and every line is there", () => {
  const placed = links.filter(({ place, file }) => place !== undefined && existsSync(join(ROOT, file)));
  expect(placed.length).toBeGreaterThan(30);
  expect(placed.filter((link) => !isPlace(link)).map(told)).toEqual([]);
});

function isPlace({ file, place = "" }: Link): boolean {
  const text = readFileSync(join(ROOT, file), "utf8");
  const lines = /^L(\d+)(?:-L(\d+))?$/.exec(place);
  if (lines === null) return file.endsWith(".md") && anchorsOf(text).has(place);
  return Number(lines[2] ?? lines[1]) <= text.split("\n").length;
}

test("every page is reached from the README", () => {
  const reached = new Set<string>();
  const next = ["README.md"];
  for (let page = next.pop(); page !== undefined; page = next.pop()) {
    if (reached.has(page)) continue;
    reached.add(page);
    // A link to a folder shows its README on GitHub.
    const targets = links.filter((link) => link.page === page).map(({ file }) => fileOf(file));
    next.push(...targets.filter((file) => PAGES.includes(file)));
  }
  expect(PAGES.filter((page) => !reached.has(page))).toEqual([]);
});

function fileOf(path: string): string {
  const isFolder = existsSync(join(ROOT, path)) && statSync(join(ROOT, path)).isDirectory();
  return isFolder ? join(path, "README.md") : path;
}

test("a link is found in every form, but not in code", () => {
  const text = [
    '[a](b.md) ![c](<d.png> "t") [e](#f) `[g](h.md)` [i](https://example.org/) [j]',
    "[j]: ../k.md#l",
    '<picture><source srcset="m.svg"><img alt="n" src="o.png"></picture> <a href="p.md">q</a>',
    "```",
    "[r](s.md)",
    "```",
  ].join("\n");
  expect(linksIn("docs/page.md", text).map(told)).toEqual([
    "docs/page.md:1: docs/b.md",
    "docs/page.md:1: docs/d.png",
    "docs/page.md:1: docs/page.md#f",
    "docs/page.md:2: k.md#l",
    "docs/page.md:3: docs/m.svg",
    "docs/page.md:3: docs/o.png",
    "docs/page.md:3: docs/p.md",
  ]);
});

test("an anchor is what GitHub makes of a heading", () => {
  const headings = [
    "# A `b_c` d",
    "## Why? (1/2): é – x",
    "## [link](y.md) z",
    "```",
    "# no",
    "```",
    "# A `b_c` d",
    '<a id="own"></a>',
  ];
  expect([...anchorsOf(headings.join("\n"))]).toEqual(["a-b_c-d", "why-12-é--x", "link-z", "a-b_c-d-1", "own"]);
});
