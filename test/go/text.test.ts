import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseBool, parseInt64 } from "../../src/core/traefik/decode/scalars.ts";
import { compareBytes } from "../../src/go/byte-order.ts";
import { foldCase } from "../../src/go/fold-case.ts";
import { trimSpace } from "../../src/go/white-space.ts";

describe("foldCase", () => {
  test.each([
    ["Rule", "rule"],
    ["ſervice", "service"],
    ["\u212a", "k"],
    ["ΣΑΣ", "σας"],
  ])("%s and %s are one name", (a, b) => {
    expect(foldCase(a)).toBe(foldCase(b));
  });

  test.each([
    ["ı", "i"],
    ["İ", "i"],
    ["ß", "ss"],
    ["foo", "fooo"],
  ])("%s and %s are two names", (a, b) => {
    expect(foldCase(a)).not.toBe(foldCase(b));
  });
});

test("compareBytes orders as the UTF-8 bytes do", () => {
  const text = fc.string({ unit: "binary" });
  fc.assert(
    fc.property(text, text, (a, b) => {
      expect(Math.sign(compareBytes(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)));
    }),
  );
  expect(["\uff5e", "😀", "[10]", "[2]", "."].sort(compareBytes)).toEqual([".", "[10]", "[2]", "\uff5e", "😀"]);
});

test("trimSpace takes Go's white space, not JavaScript's", () => {
  expect(trimSpace("\u0085\u00a0 a b\t\u3000")).toBe("a b");
  expect(trimSpace("\ufeffa\ufeff")).toBe("\ufeffa\ufeff");
  expect(trimSpace(" \n ")).toBe("");
});

test("parseBool knows Go's twelve spellings and no other", () => {
  expect(["1", "t", "T", "TRUE", "true", "True"].map(parseBool)).toEqual(Array(6).fill(true));
  expect(["0", "f", "F", "FALSE", "false", "False"].map(parseBool)).toEqual(Array(6).fill(false));
  expect(["yes", "on", "", "tRUE", " true", "2"].map(parseBool)).toEqual(Array(6).fill(undefined));
});

test("parseInt64 keeps what a number cannot hold as text", () => {
  expect(["5", "+5", "-0", "007"].map(parseInt64)).toEqual([5, 5, 0, 7]);
  expect(["9007199254740993", "9223372036854775807", "-9223372036854775808"].map(parseInt64)).toEqual([
    "9007199254740993",
    "9223372036854775807",
    "-9223372036854775808",
  ]);
  expect(["9223372036854775808", "", " 5", "1_000", "1.0", "0x1", "1e3", "+", "--1"].map(parseInt64)).toEqual(
    Array(9).fill(undefined),
  );
});
