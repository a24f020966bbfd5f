/** Makes lines of a text that comes in parts. */
export interface LineSplitter {
  /** The lines that end in this part, in their order; undefined in the place of one that was longer than is kept. */
  take(part: Buffer): readonly (string | undefined)[];
}

const LINE_FEED = 0x0a;

/**
 * Keeps no more than one line that has not ended, and of that no more than `mostBytes`: of a longer one nothing is kept. A
 * character may be cut by the end of a part, so that bytes are gathered, and text is made of whole lines.
 */
export function createLineSplitter(mostBytes: number): LineSplitter {
  let begun: Buffer[] = [];
  let length = 0;

  function keep(piece: Buffer): void {
    length += piece.length;
    if (length > mostBytes) begun = [];
    else if (piece.length > 0) begun.push(piece);
  }

  function end(): string | undefined {
    const line = length > mostBytes ? undefined : Buffer.concat(begun).toString("utf8");
    begun = [];
    length = 0;
    return line;
  }

  return {
    take(part) {
      const lines: (string | undefined)[] = [];
      let from = 0;
      for (let at = part.indexOf(LINE_FEED); at >= 0; at = part.indexOf(LINE_FEED, from)) {
        keep(part.subarray(from, at));
        lines.push(end());
        from = at + 1;
      }
      keep(part.subarray(from));
      return lines;
    },
  };
}
