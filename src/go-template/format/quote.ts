import { bytesOf, textOf } from "../value/bytes.ts";

const ESCAPES: ReadonlyMap<string, string> = new Map(
  Object.entries({ "\x07": "\\a", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\v": "\\v" }),
);

/** What Go prints as it is: letters, marks, numbers, punctuation, symbols and the blank. */
const PRINTABLE = /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]$/u;

/** Would Go print the character as it is? */
export function isPrintable(character: string): boolean {
  return PRINTABLE.test(character);
}

/** Bytes in quotes as Go's `%q` writes them; with `ascii` (`%+q`) all else is escaped. */
export function quote(bytes: string, ascii = false): string {
  return bytesOf(`"${Array.from(textOf(bytes), (character) => escapeCharacter(character, '"', ascii)).join("")}"`);
}

/** A character in single quotes, as `%q` writes a number. */
export function quoteCharacter(character: string, ascii = false): string {
  return bytesOf(`'${escapeCharacter(character, "'", ascii)}'`);
}

function escapeCharacter(character: string, quoted: string, ascii: boolean): string {
  if (character === quoted || character === "\\") return `\\${character}`;
  const code = character.codePointAt(0) ?? 0;
  if (isPrintable(character) && (!ascii || code < 0x80)) return character;
  const known = ESCAPES.get(character);
  if (known !== undefined) return known;
  if (code < 0x20 || code === 0x7f) return `\\x${hex(code, 2)}`;
  // A byte that is no part of a character; see bytes.ts.
  if (code >= 0xdc80 && code <= 0xdcff) return `\\x${hex(code - 0xdc00, 2)}`;
  return code < 0x10000 ? `\\u${hex(code, 4)}` : `\\U${hex(code, 8)}`;
}

function hex(code: number, digits: number): string {
  return code.toString(16).padStart(digits, "0");
}
