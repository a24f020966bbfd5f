import { printable } from "../../base/printable.ts";

/**
 * A table of Markdown. Rows are not aligned, so that one that changes is one changed line. Names in a catalog are not to be
 * trusted: a cell neither ends its row nor becomes a link, HTML or emphasis.
 */
export function markdownTable(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  return tableOfMarkdown(
    heads.map(markdownText),
    rows.map((cells) => cells.map(markdownText)),
  );
}

/** The same of cells that are Markdown already, without a bar that ends them. */
export function tableOfMarkdown(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  return [heads, heads.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |\n`).join("");
}

/**
 * Of an address of mail, or of a name that is mentioned. GitHub looks for both when escapes and entities are taken back: only what is
 * no text, such as an empty comment, keeps the parts asunder.
 */
const LINKED_AT = /@(?=[^\s@]*\.)|(?<![\p{L}\p{N}_])@(?=[\p{L}\p{N}_])/gu;

/** A text as it is, without a meaning in Markdown, also where GitHub gives it one: bare addresses, formulas. */
export function markdownText(text: string): string {
  return printable(text)
    .replace(/[\\`*~[\]|#!$]/g, "\\$&")
    .replace(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, "\\_")
    .replace(/&(?=#?\w+;)/g, "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll("://", ":\\/\\/")
    .replace(/\bwww\./gi, (www) => `${www.slice(0, -1)}\\.`)
    .replace(LINKED_AT, "@<!-- -->");
}
