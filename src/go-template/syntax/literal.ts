import { unquoteRaw, unquote as unquoteText } from "../../go/string-literal.ts";
import { TemplateFault } from "../fault.ts";
import { bytesOf } from "../value/bytes.ts";
import type { NumberLiteral } from "./ast.ts";

/** The bytes of a string or raw string as written in the template, quotes included. */
export function unquote(written: string): string {
  return bytesOf(written.startsWith("`") ? unquoteRaw(written) : unescaped(written));
}

function unescaped(written: string): string {
  const unquoted = unquoteText(written);
  if (unquoted.kind === "text") return unquoted.value;
  throw new TemplateFault(`${unquoted.escape} is no escape that Go has; write \\\\ for a backslash`);
}

/** A character in single quotes as written in the template; it is a number, its place in Unicode. */
export function unquoteCharacter(written: string): NumberLiteral {
  const [character, ...more] = Array.from(written === "'\\''" ? "'" : unescaped(written));
  if (character === undefined || more.length > 0 || written === "'\\\"'") {
    throw new TemplateFault(`${written} is no character: exactly one is allowed between single quotes`);
  }
  // `\xff` means the character with that number, and comes as a byte that is none; see bytes.ts.
  const code = character.isWellFormed() ? (character.codePointAt(0) ?? 0) : character.charCodeAt(0) - 0xdc00;
  return { text: written, float: code, integer: BigInt(code), looksLikeFloat: false };
}

const INTEGER =
  /^([+-]?)(?:0[xX](?:_?[0-9a-fA-F])+|0[bB](?:_?[01])+|0[oO](?:_?[0-7])+|0(?:_?[0-7])*|[1-9](?:_?[0-9])*)$/;
const FLOAT =
  /^[+-]?(?:[0-9](?:_?[0-9])*(?:\.(?:[0-9](?:_?[0-9])*)?)?|\.[0-9](?:_?[0-9])*)(?:[eE][+-]?[0-9](?:_?[0-9])*)?$/;
const MAX_INT = 2n ** 63n - 1n;

/** A number as written in the template, in the notations of Go: decimal, `0x`, `0o`, `0b`, `017`, with `_` between digits. */
export function parseNumber(written: string): NumberLiteral {
  if (INTEGER.test(written)) {
    const integer = parseInteger(written);
    if (integer > MAX_INT || integer < -MAX_INT - 1n) throw new TemplateFault(`${written} overflows int`);
    return { text: written, float: Number(integer), integer, looksLikeFloat: false };
  }
  const float = FLOAT.test(written) && /[.eE]/.test(written) ? Number(written.replaceAll("_", "")) : Number.NaN;
  if (!Number.isFinite(float))
    throw new TemplateFault(`${written} is no number: whole numbers and decimals are allowed`);
  const isWhole = Number.isInteger(float) && Math.abs(float) < 2 ** 63;
  return { text: written, float, integer: isWhole ? BigInt(float) : undefined, looksLikeFloat: true };
}

/** What Go's `strconv.ParseInt(text, 0, 64)` accepts, without its limits; the text must fit `INTEGER`. */
function parseInteger(written: string): bigint {
  const digits = written.replaceAll("_", "").replace(/^[+-]/, "");
  const magnitude = BigInt(/^0[0-7]+$/.test(digits) ? `0o${digits.slice(1)}` : digits.toLowerCase());
  return written.startsWith("-") ? -magnitude : magnitude;
}

/** Reads a whole number as Go's `strconv.ParseInt(text, 0, 64)` does; undefined for all else. */
export function parseIntegerText(text: string): bigint | undefined {
  if (text.length > 100 || !INTEGER.test(text)) return;
  const integer = parseInteger(text);
  return integer > MAX_INT || integer < -MAX_INT - 1n ? undefined : integer;
}
