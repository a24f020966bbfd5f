const BOOLEANS: ReadonlyMap<string, boolean> = new Map([
  ...["1", "t", "T", "TRUE", "true", "True"].map((text) => [text, true] as const),
  ...["0", "f", "F", "FALSE", "false", "False"].map((text) => [text, false] as const),
]);

/** What Go's `strconv.ParseBool` reads; undefined for `yes`, `on`, nothing and all else. */
export function parseBool(text: string): boolean | undefined {
  return BOOLEANS.get(text);
}

/** More digits, leading zeros included, make no sense and cost time. */
const MAX_DIGITS = 100;

/**
 * A decimal integer of 64 bits, as Go's `strconv.ParseInt(text, 10, 64)` reads it: an optional sign and digits, no
 * blanks, no underscores. A number where that is exact, else decimal text; undefined for all else.
 */
export function parseInt64(text: string): number | string | undefined {
  if (text.length > MAX_DIGITS || !/^[+-]?[0-9]+$/.test(text)) return;
  const value = BigInt(text.startsWith("+") ? text.slice(1) : text);
  if (BigInt.asIntN(64, value) !== value) return;
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : String(value);
}
