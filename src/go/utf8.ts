/** The bytes of a text as UTF-8, as Go sees it; half a character becomes U+FFFD. */
export function* utf8Bytes(text: string): Generator<number> {
  for (const character of text.toWellFormed()) {
    const point = character.codePointAt(0) ?? 0;
    if (point < 0x80) yield point;
    else if (point < 0x800) yield* [0xc0 | (point >> 6), continuation(point, 0)];
    else if (point < 0x10000) yield* [0xe0 | (point >> 12), continuation(point, 6), continuation(point, 0)];
    else {
      yield* [0xf0 | (point >> 18), continuation(point, 12), continuation(point, 6), continuation(point, 0)];
    }
  }
}

function continuation(point: number, shift: number): number {
  return 0x80 | ((point >> shift) & 0x3f);
}

/** How many bytes that are. */
export function utf8Length(text: string): number {
  let bytes = 0;
  for (const character of text.toWellFormed()) {
    const code = character.codePointAt(0) ?? 0;
    if (code < 0x80) bytes += 1;
    else if (code < 0x800) bytes += 2;
    else bytes += code < 0x10000 ? 3 : 4;
  }
  return bytes;
}
