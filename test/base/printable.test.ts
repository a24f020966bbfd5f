import { expect, test } from "vitest";
import { printable, printableLines } from "../../src/base/printable.ts";

test.each([
  ["a tag that clears the screen \u001b[2J", "a tag that clears the screen \\u001b[2J"],
  ["C1 \u009b2J, DEL \u007f, NUL \u0000", "C1 \\u009b2J, DEL \\u007f, NUL \\u0000"],
  ["a line\r\nforged", "a line\\u000d\\u000aforged"],
  ["ends of lines \u2028\u2029\u0085", "ends of lines \\u2028\\u2029\\u0085"],
  ["turned \u202egnp.exe\u2069", "turned \\u202egnp.exe\\u2069"],
  ["äöü 日本 👩‍👧 é", "äöü 日本 👩‍👧 é"],
])("%j is shown as one line", (text, shown) => {
  expect(printable(text)).toBe(shown);
});

test("portolan's own line ends stay", () => {
  expect(printableLines("two problems:\n  a\u001b[m\r\n  b")).toBe("two problems:\n  a\\u001b[m\\u000d\n  b");
});
