import { expect, test } from "vitest";
import { markdownTable } from "../../../src/cli/text/markdown-table.ts";

test("a cell stays one cell, and is what it says", () => {
  expect(
    markdownTable(
      ["Host", "Owner"],
      [
        ["*.lab.local", "a|b"],
        ["<img src=x>", "[x](javascript:1)\n| y |"],
      ],
    ),
  ).toBe(
    [
      "| Host | Owner |",
      "| --- | --- |",
      "| \\*.lab.local | a\\|b |",
      "| &lt;img src=x&gt; | \\[x\\](javascript:1)\\\\u000a\\| y \\| |",
      "",
    ].join("\n"),
  );
});
