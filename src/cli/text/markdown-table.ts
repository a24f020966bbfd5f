import { printable } from "../../base/printable.ts";

/** A table of Markdown. Names in a catalog are not to be trusted: a cell neither ends its row nor becomes a link, HTML or emphasis. */
export function markdownTable(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [heads.map(markdownText), heads.map(() => "---"), ...rows.map((cells) => cells.map(markdownText))];
  return lines.map((cells) => `| ${cells.join(" | ")} |\n`).join("");
}

/** A text as it is, without a meaning in Markdown. */
export function markdownText(text: string): string {
  return printable(text)
    .replace(/[\\`*_~[\]|#!]/g, "\\$&")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;");
}
