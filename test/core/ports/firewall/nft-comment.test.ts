import fc from "fast-check";
import { expect, test } from "vitest";
import { nftComment } from "../../../../src/core/ports/firewall/nft-comment.ts";

test.each([
  ['SSH "for all"', "SSH 'for all'"],
  ["one\ntwo\r\n\tthree", "one two three"],
  ["\u001b[31mred\u202e", "[31mred"],
  ["DNS für alle", "DNS für alle"],
  ["x".repeat(129), `${"x".repeat(125)}…`],
  ["x".repeat(128), "x".repeat(128)],
])("%j", (text, expected) => {
  expect(nftComment(text)).toBe(expected);
});

test("whatever the text, the comment stays inside its quotes, on its line and within what nftables takes", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 140 }), (text) => {
      const comment = nftComment(text);
      expect(comment).not.toMatch(/["\p{Cc}\u2028\u2029]/u);
      expect(Buffer.byteLength(comment)).toBeLessThanOrEqual(128);
    }),
  );
});
