/** The most that nftables takes, in bytes of UTF-8. */
const MAX_BYTES = 128;

/**
 * A text of the operator's file as the inside of a quoted comment: nftables knows no escape for a quote and ends a comment
 * at a line's end, so that neither may be in it.
 */
export function nftComment(text: string): string {
  const inert = text
    .toWellFormed()
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, " ")
    .replaceAll('"', "'")
    .trim();
  if (sizeOf(inert) <= MAX_BYTES) return inert;
  let cut = "";
  let bytes = sizeOf("…");
  for (const character of inert) {
    bytes += sizeOf(character);
    if (bytes > MAX_BYTES) break;
    cut += character;
  }
  return `${cut}…`;
}

function sizeOf(text: string): number {
  let bytes = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return bytes;
}
