import { printable } from "../../base/printable.ts";
import type { Block, Line, Piece, Section } from "../../core/ports/documents/document.ts";
import { markdownText, tableOfMarkdown } from "./markdown-table.ts";
import { mermaidFlowchart } from "./mermaid.ts";

/** Chapters as GitHub's Markdown, each below a heading of the second level. Names in them are not to be trusted and stay text. */
export function markdownChapters(sections: readonly Section[]): string {
  return sections.map(({ title, blocks }) => `## ${markdownText(title)}\n\n${markdownBlocks(blocks)}`).join("\n");
}

/** What stands below one heading, or above all of them. */
export function markdownBlocks(blocks: readonly Block[]): string {
  return blocks.map(blockText).join("\n");
}

function blockText(block: Block): string {
  switch (block.kind) {
    case "table":
      return tableOfMarkdown(
        block.heads.map(markdownText),
        block.rows.map((row) => row.map((line) => line.map(cellText).join(""))),
      );
    case "paragraph":
      return `${lineText(block.line)}\n`;
    case "list":
      return block.lines.map((line) => `- ${lineText(line)}\n`).join("");
    case "flowchart":
      return `\`\`\`mermaid\n${mermaidFlowchart(block)}\`\`\`\n`;
  }
}

/** What a line begins with may make it a heading, a quotation, a rule or a list of its own. */
function lineText(line: Line): string {
  return line
    .map(pieceText)
    .join("")
    .replace(/^(?:[=+-]|\d+(?=[.)]))/, (start) => (/\d/.test(start) ? `${start}\\` : `\\${start}`));
}

/** In a table a bar ends a cell, also inside a code span, where it cannot be escaped in every case. */
function cellText(piece: Piece): string {
  return typeof piece !== "string" && "code" in piece && piece.code.includes("|")
    ? markdownText(piece.code)
    : pieceText(piece);
}

function pieceText(piece: Piece): string {
  if (typeof piece === "string") return markdownText(piece);
  if ("code" in piece) return codeSpan(piece.code);
  return PLAIN_URL.test(piece.url) ? `<${piece.url}>` : markdownText(piece.url);
}

/** Scheme, host and port, and nothing that ends a link between angle brackets or is read as HTML. */
const PLAIN_URL = /^[a-z][a-z0-9+.-]*:\/\/[\w.:[\]-]+$/i;

/** Within a code span nothing is escaped: its fence is longer than any row of backticks in it. */
function codeSpan(text: string): string {
  const inert = printable(text);
  const longest = Math.max(0, ...Array.from(inert.matchAll(/`+/g), ([row]) => row.length));
  const fence = "`".repeat(longest + 1);
  const pad = longest > 0 || inert.trim() === "" ? " " : "";
  return `${fence}${pad}${inert}${pad}${fence}`;
}
