import { expect, test } from "vitest";
import { fittedTable } from "../../../src/cli/text/fitted-table.ts";

const ROWS = [
  ["a.test", "x".repeat(60), "1"],
  ["b.test", "y", "20"],
];
const longest = (text: string) => Math.max(...text.split("\n").map((line) => [...line].length));

test("without a width nothing is cut", () => {
  expect(fittedTable(["HOST", "SERVICE", "N"], ROWS, undefined)).toContain("x".repeat(60));
});

test("the widest column gives way, and says that it was cut", () => {
  expect(fittedTable(["HOST", "SERVICE", "N"], ROWS, 30)).toBe(
    ["HOST    SERVICE             N", `a.test  ${"x".repeat(17)}…  1`, "b.test  y                   20", ""].join("\n"),
  );
});

test.each([40, 60, 80, 120])("no line is wider than %i, and a table that fits is not cut", (width) => {
  const rows = [["h".repeat(70), "p".repeat(30), "s".repeat(50), "1"]];
  expect(longest(fittedTable(["A", "B", "C", "D"], rows, width))).toBe(width);
  expect(fittedTable(["A", "B"], [["a", "b"]], width)).toBe("A  B\na  b\n");
});

test("a hostile cell is one harmless line, and no character is cut in two", () => {
  const text = fittedTable(["A"], [["\u001b[2J\n\u202e"], ["😀".repeat(20)]], 10);
  expect(text).toBe(`A\n\\u001b[2J…\n${"😀".repeat(9)}…\n`);
});

test("columns that hold nothing are left out before anything is cut", () => {
  const rows = [["a.test", "", "shop-of-the-corner"]];
  expect(fittedTable(["HOST", "PATH", "SERVICE"], rows, 80)).toContain("HOST    PATH  SERVICE");
  expect(fittedTable(["HOST", "PATH", "SERVICE"], rows, 30)).toBe("HOST    SERVICE\na.test  shop-of-the-corner\n");
});

test("what is copied is never cut: it gives way last, and has a line of its own where it does not fit", () => {
  const host = "a-long-name.of.a.host.test";
  const table = (width: number) =>
    fittedTable(
      ["HOST", "SERVICE"],
      [
        [host, "s".repeat(20)],
        ["b.test", "t"],
      ],
      width,
      "HOST",
    );
  expect(table(52)).toBe(
    `HOST                        SERVICE\n${host}  ${"s".repeat(20)}\nb.test                      t\n`,
  );
  expect(table(42)).toBe(
    `HOST                        SERVICE\n${host}  ${"s".repeat(13)}…\nb.test                      t\n`,
  );
  expect(table(30)).toBe(`HOST            SERVICE\n${host}\n${" ".repeat(16)}${"s".repeat(13)}…\nb.test          t\n`);
});
