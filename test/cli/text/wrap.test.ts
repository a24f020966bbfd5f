import { expect, test } from "vitest";
import { columns, wrap } from "../../../src/cli/text/wrap.ts";

const WORD = "123456789";

test("a line holds 80 columns, and not one more", () => {
  const whole = Array(8).fill(WORD).join(" ");
  expect(wrap(`${whole}x`)).toBe(`${whole}x`);
  expect(wrap(`${whole}xy`)).toBe(`${whole.slice(0, 69)}\n${WORD}xy`);
});

test("a line end is a space, an empty line ends a paragraph, and an example stays as it is", () => {
  expect(wrap("one\ntwo\n\nthree:\n  portolan  run\nfour")).toBe("one two\n\nthree:\n  portolan  run\nfour");
});

test("a word that is wider than a line has its own", () => {
  expect(wrap(`one ${"x".repeat(100)} two`)).toBe(`one\n${"x".repeat(100)}\ntwo`);
});

test("columns are wrapped beside the names", () => {
  const long = Array(8).fill(WORD).join(" ");
  expect(
    columns([
      ["a", "short"],
      ["long", long],
    ]),
  ).toBe(`  a     short\n  long  ${long.slice(0, 69)}\n        ${WORD}\n`);
});
