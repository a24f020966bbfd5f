import { isPrintable } from "../../format/quote.ts";
import { bytesOf, textOf } from "../../value/bytes.ts";

const HTML: ReadonlyMap<string, string> = new Map(
  Object.entries({ '"': "&#34;", "'": "&#39;", "&": "&amp;", "<": "&lt;", ">": "&gt;", "\0": bytesOf("\ufffd") }),
);

/** Go's `template.HTMLEscapeString`. */
export function escapeHtml(bytes: string): string {
  return bytes.replace(/["'&<>\0]/g, (found) => HTML.get(found) ?? found);
}

/** Go's `template.JSEscapeString`. */
export function escapeJavaScript(bytes: string): string {
  return bytesOf(Array.from(textOf(bytes), escapeForJavaScript).join(""));
}

function escapeForJavaScript(character: string): string {
  if (/^[\\'"]$/.test(character)) return `\\${character}`;
  const code = character.codePointAt(0) ?? 0;
  if (code > 0x7f ? isPrintable(character.toWellFormed()) : code >= 0x20 && !/^[<>&=]$/.test(character))
    return character;
  return `\\u${code.toString(16).toUpperCase().padStart(4, "0")}`;
}

/** Go's `url.QueryEscape`, which makes a `+` of a blank. */
export function escapeUrlQuery(bytes: string): string {
  return bytes.replace(/[^A-Za-z0-9_.~-]/g, (byte) => {
    if (byte === " ") return "+";
    return `%${byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`;
  });
}
