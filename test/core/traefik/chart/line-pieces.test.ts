import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type LinePieces, renderLines } from "../../../../src/core/traefik/chart/line-pieces.ts";

interface Entry {
  readonly value: number;
}

const lineOf = (name: string, { value }: Entry) => `${name}=${value}`;

function textOf({ pieces }: LinePieces<Entry>): string {
  return pieces.map(({ text }) => text).join(",\n");
}

function numbered(count: number): Map<string, Entry> {
  return new Map(Array.from({ length: count }, (_, i) => [`s${String(i).padStart(5, "0")}`, { value: i }]));
}

describe("lines in pieces", () => {
  test("come to the same, whatever they were before", () => {
    const entries = fc
      .array(fc.tuple(fc.stringMatching(/^[a-c]{1,4}$/), fc.nat(3)), { maxLength: 400 })
      .map((list) => new Map(list.map(([name, value]) => [name, { value }])));
    fc.assert(
      fc.property(fc.array(entries, { minLength: 1, maxLength: 5 }), (steps) => {
        let pieces: LinePieces<Entry> | undefined;
        for (const now of steps) {
          pieces = renderLines(now, lineOf, pieces);
          const lines = [...now.keys()].sort().map((name) => `${name}=${now.get(name)?.value}`);
          expect(textOf(pieces)).toBe(lines.join(",\n"));
          expect(textOf(pieces)).toBe(textOf(renderLines(now, lineOf)));
        }
      }),
    );
  });

  test("one changed entry costs the lines of its own piece", () => {
    const entries = numbered(5_000);
    const before = renderLines(entries, lineOf);
    let asked = 0;
    const counting = (name: string, entry: Entry) => {
      asked += 1;
      return lineOf(name, entry);
    };
    const after = renderLines(new Map(entries).set("s02500", { value: -1 }), counting, before);
    expect(asked).toBeLessThan(130);
    expect(textOf(after)).toBe(textOf(before).replace("s02500=2500", "s02500=-1"));
    expect(after.pieces.filter((piece) => !before.pieces.includes(piece))).toHaveLength(1);
  });

  test("many that come between two others are cut into pieces again", () => {
    const before = renderLines(new Map([["s00000", { value: 0 }]]), lineOf);
    const after = renderLines(numbered(5_000), lineOf, before);
    expect(Math.max(...after.pieces.map(({ names }) => names.length))).toBeLessThanOrEqual(128);
  });
});
