import fc from "fast-check";
import { expect, test } from "vitest";
import { printable } from "../../../src/base/printable.ts";
import { csv } from "../../../src/cli/text/csv.ts";

test("cells are quoted where they need it, rows end as RFC 4180 has it", () => {
  expect(
    csv(
      ["port", "purpose"],
      [
        ["53", 'DNS, "all" of it'],
        ["80", "page"],
      ],
    ),
  ).toBe('port,purpose\r\n53,"DNS, ""all"" of it"\r\n80,page\r\n');
});

test.each(["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\uff1d1", '=HYPERLINK("http://evil","x")'])(
  "a spreadsheet calculates nothing of %j",
  (text) => {
    const [, row = ""] = csv(["a"], [[text]]).split("\r\n");
    expect(row).toMatch(/^"?'/);
  },
);

test("any row is read again as it was written, escapes of control characters aside", () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: "grapheme" }), { minLength: 1, maxLength: 4 }), (cells) => {
      const [row = ""] = csv(cells, []).split("\r\n");
      const read = Array.from(`${row},`.matchAll(/(?:"((?:[^"]|"")*)"|([^",]*)),/g), ([, quoted, plain = ""]) =>
        quoted === undefined ? plain : quoted.replaceAll('""', '"'),
      );
      expect(read.map((cell) => cell.replace(/^'(?=\\u0009|\\u000d|[=+\-@\uff1d\uff0b\uff0d\uff20])/, ""))).toEqual(
        cells.map(printable),
      );
    }),
  );
});
