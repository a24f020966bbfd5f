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

test.each(["a;=1+1", "a; =1+1", 'a;"=1+1"', "a;;@SUM(A1)", ";\uff1d1", '=1;=1,"x"'])(
  "nor of %j, where it takes a semicolon for the end of a cell",
  (text) => {
    const [, row = ""] = csv(["a", "b"], [["x", text]]).split("\r\n");
    for (const cell of row.split(";")) expect(cell).not.toMatch(/^["\s]*[=+\-@\uff1d]/);
  },
);

test("a semicolon before anything else stays as it is", () => {
  expect(csv(["a;b"], [])).toBe("a;b\r\n");
});

test("any row is read again as it was written, escapes of control characters aside", () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: "grapheme" }), { minLength: 1, maxLength: 4 }), (cells) => {
      const [row = ""] = csv(cells, []).split("\r\n");
      const read = Array.from(`${row},`.matchAll(/(?:"((?:[^"]|"")*)"|([^",]*)),/g), ([, quoted, plain = ""]) =>
        quoted === undefined ? plain : quoted.replaceAll('""', '"'),
      );
      const bare = (cell: string) =>
        cell
          .replace(/^'(?=\\u0009|\\u000d|[=+\-@\uff1d\uff0b\uff0d\uff20])/, "")
          .replace(/;'(?=(?:"|\s|\\u[0-9a-f]{4})*[=+\-@\uff1d\uff0b\uff0d\uff20])/g, ";");
      expect(read.map(bare)).toEqual(cells.map((cell) => bare(printable(cell))));
    }),
  );
});
