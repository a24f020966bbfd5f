import { utf8Length } from "../../../go/utf8.ts";

/** The most that nftables takes, in bytes of UTF-8. */
const MAX_BYTES = 128;

/**
 * A text of the operator's file as the inside of a quoted comment: nftables knows no escape for a quote and ends a comment
 * at a line's end, so that neither may be in it.
 */
export function nftComment(text: string): string {
  const inert = onOneLine(text).replaceAll('"', "'").trim();
  if (utf8Length(inert) <= MAX_BYTES) return inert;
  let cut = "";
  let bytes = utf8Length("…");
  for (const character of inert) {
    bytes += utf8Length(character);
    if (bytes > MAX_BYTES) break;
    cut += character;
  }
  return `${cut}…`;
}

/** A text that ends no line: a comment ends with its line. */
export function onOneLine(text: string): string {
  return text.toWellFormed().replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, " ");
}
