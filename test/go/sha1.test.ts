import { createHash } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { sha1Hex } from "../../src/go/sha1.ts";

test("it is the SHA-1 of the text's bytes, whatever their number", () => {
  const text = fc.string({ unit: "binary", maxLength: 200 }).map((one) => one.toWellFormed());
  fc.assert(
    fc.property(text, (one) => {
      expect(sha1Hex(one)).toBe(createHash("sha1").update(one).digest("hex"));
    }),
  );
  for (let length = 50; length < 130; length += 1) {
    expect(sha1Hex("x".repeat(length))).toBe(createHash("sha1").update("x".repeat(length)).digest("hex"));
  }
});
