const SIMPLE_ESCAPES: ReadonlyMap<string, string> = new Map([
  ["a", "\x07"],
  ["b", "\b"],
  ["f", "\f"],
  ["n", "\n"],
  ["r", "\r"],
  ["t", "\t"],
  ["v", "\v"],
  ["\\", "\\"],
  ['"', '"'],
]);

/** Go's escapes, runs of byte escapes taken together; the last branch catches what is none. */
const PIECE = /[^\\]+|((?:\\x[0-9A-Fa-f]{2}|\\[0-3][0-7]{2})+)|\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})|\\([^\n])|\\/gu;
const BYTE = /\\x([0-9A-Fa-f]{2})|\\([0-7]{3})/g;

export type Unquoted =
  | { readonly kind: "text"; readonly value: string }
  /** The escape at this offset of the literal is none of Go's. */
  | { readonly kind: "badEscape"; readonly offset: number; readonly escape: string };

/** The value of a string literal in backquotes: all between them, except carriage returns, which Go takes out. */
export function unquoteRaw(literal: string): string {
  return literal.slice(1, -1).replaceAll("\r", "");
}

/**
 * The value of a string literal in double quotes, by Go's escapes: `\n`, `\"`, `\x41`, `\101`, `\u0041`, `\U00000041`.
 * Bytes that form no UTF-8 cannot be written in a JavaScript string: each becomes a lone surrogate, which equals no text
 * and no regular expression accepts.
 */
export function unquote(literal: string): Unquoted {
  let value = "";
  for (const piece of literal.slice(1, -1).matchAll(PIECE)) {
    const [text, bytes, u4, u8, simple] = piece;
    const decoded = bytes === undefined ? decodeEscape(text, u4 ?? u8, simple) : fromBytes(bytes);
    if (decoded === undefined) return { kind: "badEscape", offset: piece.index + 1, escape: text };
    value += decoded;
  }
  return { kind: "text", value };
}

function decodeEscape(text: string, hex: string | undefined, simple: string | undefined): string | undefined {
  if (!text.startsWith("\\")) return text;
  if (hex !== undefined) return fromCodePoint(Number.parseInt(hex, 16));
  return simple === undefined ? undefined : SIMPLE_ESCAPES.get(simple);
}

function fromCodePoint(code: number): string | undefined {
  const isSurrogate = code >= 0xd800 && code <= 0xdfff;
  return code > 0x10ffff || isSurrogate ? undefined : String.fromCodePoint(code);
}

function fromBytes(escapes: string): string {
  const bytes = Array.from(escapes.matchAll(BYTE), ([, hex, octal = ""]) =>
    hex === undefined ? Number.parseInt(octal, 8) : Number.parseInt(hex, 16),
  );
  try {
    return decodeURIComponent(bytes.map((byte) => `%${byte.toString(16).padStart(2, "0")}`).join(""));
  } catch {
    return String.fromCharCode(...bytes.map((byte) => (byte < 0x80 ? byte : 0xdc00 + byte)));
  }
}
