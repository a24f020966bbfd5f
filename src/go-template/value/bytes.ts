import { utf8Bytes } from "../../go/utf8.ts";

/**
 * Go's strings are bytes: `len`, `trunc` and `index` count and cut them, also within a character. So inside this folder
 * every string of a template has one JavaScript character (0 to 255) for each byte of its UTF-8.
 */

/** The bytes of a text. A lone low surrogate U+DC80 to U+DCFF is a byte that `textOf` could not read, any other is U+FFFD. */
export function bytesOf(text: string): string {
  if (isAscii(text)) return text;
  let bytes = "";
  for (const character of text) {
    const isByte = /^[\udc80-\udcff]$/.test(character);
    bytes += isByte
      ? String.fromCharCode(character.charCodeAt(0) - 0xdc00)
      : String.fromCharCode(...utf8Bytes(character));
  }
  return bytes;
}

/**
 * The text of some bytes. A byte that is no part of a character becomes a lone surrogate, so that nothing is lost;
 * `toWellFormed` makes U+FFFD of it, as Go does wherever it reads characters.
 */
export function textOf(bytes: string): string {
  if (isAscii(bytes)) return bytes;
  return bytes.replace(SEQUENCE, (sequence) => {
    if (sequence.length === 1) return String.fromCharCode(0xdc00 + sequence.charCodeAt(0));
    let code = sequence.charCodeAt(0) & (0x7f >> sequence.length);
    for (let at = 1; at < sequence.length; at++) code = (code << 6) | (sequence.charCodeAt(at) & 0x3f);
    return String.fromCodePoint(code);
  });
}

/** What Unicode's table of well-formed UTF-8 allows, or a byte that stands alone. */
const SEQUENCE =
  /[\xc2-\xdf][\x80-\xbf]|\xe0[\xa0-\xbf][\x80-\xbf]|\xed[\x80-\x9f][\x80-\xbf]|[\xe1-\xec\xee\xef][\x80-\xbf]{2}|\xf0[\x90-\xbf][\x80-\xbf]{2}|[\xf1-\xf3][\x80-\xbf]{3}|\xf4[\x80-\x8f][\x80-\xbf]{2}|[\x80-\xff]/g;

/** The characters of some bytes, as Go's `range` sees them: a byte that belongs to none is U+FFFD. */
export function charactersOf(bytes: string): string[] {
  return Array.from(textOf(bytes).toWellFormed());
}

/** Applies a function of texts to bytes; what it reads is well-formed. */
export function mapText(bytes: string, change: (text: string) => string): string {
  return bytesOf(change(textOf(bytes).toWellFormed()));
}

function isAscii(text: string): boolean {
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) > 0x7f) return false;
  return true;
}
