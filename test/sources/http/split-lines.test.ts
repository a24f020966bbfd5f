import fc from "fast-check";
import { expect, test } from "vitest";
import { createLineSplitter } from "../../../src/sources/http/split-lines.ts";

test("however a text is cut into parts, its lines are the same", () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ unit: "grapheme", maxLength: 12 }), { maxLength: 8 }),
      fc.array(fc.nat(12)),
      (texts, cuts) => {
        const lines = texts.map((text) => text.replaceAll("\n", "¶"));
        const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(""));
        const splitter = createLineSplitter(10_000);
        const found: (string | undefined)[] = [];
        let from = 0;
        for (const length of [...cuts, bytes.length]) {
          found.push(...splitter.take(bytes.subarray(from, from + length)));
          from += length;
        }
        expect(found).toEqual(lines);
      },
    ),
  );
});

test("of a line that is too long nothing is kept, and the next one is whole", () => {
  const splitter = createLineSplitter(4);
  expect(splitter.take(Buffer.from("1234\n12345\nab"))).toEqual(["1234", undefined]);
  expect(splitter.take(Buffer.from("cd"))).toEqual([]);
  expect(splitter.take(Buffer.from("e".repeat(100)))).toEqual([]);
  expect(splitter.take(Buffer.from("\nok\n"))).toEqual([undefined, "ok"]);
});
