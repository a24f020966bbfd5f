import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { printable } from "../../../src/base/printable.ts";
import { markdownBlocks, markdownChapters } from "../../../src/cli/text/markdown.ts";
import { markdownTable, markdownText } from "../../../src/cli/text/markdown-table.ts";
import { paragraph, textRows } from "../../../src/core/ports/documents/document.ts";

/** Names as a tenant could register them, to be more than text. */
const HOSTILE = [
  "a|b",
  "a\\|b",
  "line\nend",
  "# heading",
  "![image](https://evil.example/x.png)",
  "[link](javascript:alert(1))",
  "<script>alert(1)</script>",
  "<!-- comment",
  "`code",
  "**bold** _em_ ~~gone~~",
  "https://evil.example",
  "www.evil.example",
  "$x$",
  "ops@evil.example",
  "mailto:a.b+c@evil-site.example",
  "a@b@c.example",
  "hello @team",
  "&lt;script&gt;",
  "\u202egnp.exe",
];

/** What a reader of CommonMark makes of text without markup: escapes and entities taken back. */
function shown(markdown: string): string {
  return markdown
    .replaceAll("<!-- -->", "")
    .replace(/\\([!-/:-@[-`{-~])/g, "$1")
    .replace(/&lt;/g, "<")
    .replace(/&gt;/g, ">")
    .replace(/&amp;/g, "&");
}

describe("text in Markdown", () => {
  test.each(HOSTILE)("%j is text and nothing else", (name) => {
    const markdown = markdownText(name);
    const texts = markdown.split("<!-- -->");
    // As cmark-gfm and GitHub find them, in each text between other things.
    for (const text of texts.map(shown)) expect(text).not.toMatch(/[\w.+-]@[\w-]+(\.[\w-]+)+|(?<!\w)@\w/);
    expect(texts.join("")).not.toMatch(/[<>\n\u202e]|(?<!\\)[`*[\]|#!$]|:\/\/|\bwww\.[a-z]|&(?!lt;|gt;|amp;)#?\w+;/);
    expect(shown(markdown)).toBe(printable(name));
  });

  test("any text is shown as it is", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => {
        expect(shown(markdownText(text))).toBe(printable(text));
      }),
    );
  });

  test("plain names stay readable", () => {
    expect(markdownText("core/api-gateway, my_service: 30800-30899 (R&D)")).toBe(
      "core/api-gateway, my_service: 30800-30899 (R&D)",
    );
    expect(markdownText("auth@file, jwt@consul")).toBe("auth@file, jwt@consul");
    expect(markdownText("*.service.consul")).toBe("\\*.service.consul");
  });
});

test("a table keeps its columns whatever stands in a cell", () => {
  const lines = markdownTable(
    ["A", "B"],
    HOSTILE.map((name) => [name, "x"]),
  ).split("\n");
  expect(lines).toHaveLength(HOSTILE.length + 3);
  // Two backslashes are one of the text; a bar behind an odd number of them belongs to the cell.
  for (const line of lines.slice(0, -1)) {
    expect(line.replaceAll("\\\\", "").replaceAll("\\|", "").split("|")).toHaveLength(4);
  }
});

test("a line of names begins no heading, list, quotation or rule", () => {
  const begun = (text: string) => markdownBlocks([paragraph(text)]);
  expect(["# a", "- a", "+ a", "1. a", "=== ", "> a", "2) b"].map(begun)).toEqual([
    "\\# a\n",
    "\\- a\n",
    "\\+ a\n",
    "1\\. a\n",
    "\\=== \n",
    "&gt; a\n",
    "2\\) b\n",
  ]);
});

test("chapters have headings, tables, lists, code, addresses and diagrams", () => {
  const text = markdownChapters([
    {
      title: "Ports & more",
      blocks: [
        textRows(["Port"], [["53"]]),
        { kind: "paragraph", line: ["Ask ", { code: "portolan ports" }, " or ", { code: "`" }, "."] },
        { kind: "list", lines: [["one"], [{ url: "http://192.168.7.235:30800" }, " ", { url: "http://a b<c" }]] },
        {
          kind: "table",
          heads: ["Command"],
          rows: [[[{ code: "a | b" }]]],
        },
        { kind: "flowchart", direction: "LR", nodes: [{ key: "a", label: ["a"], shape: "box" }], arrows: [] },
      ],
    },
  ]);
  expect(text).toBe(
    [
      "## Ports & more",
      "",
      "| Port |",
      "| --- |",
      "| 53 |",
      "",
      "Ask `portolan ports` or `` ` ``.",
      "",
      "- one",
      "- <http://192.168.7.235:30800> http:\\/\\/a b&lt;c",
      "",
      "| Command |",
      "| --- |",
      "| a \\| b |",
      "",
      "```mermaid",
      "flowchart LR",
      '  n_a["a"]',
      "```",
      "",
    ].join("\n"),
  );
});
