import { expect, test } from "vitest";
import { hclString } from "../../../src/cli/text/hcl-string.ts";

test("a string of HCL interpolates nothing and ends where it should", () => {
  expect(['a "b" \\c', `\${attr.x} %{if} $5`, "a\nb"].map(hclString)).toEqual([
    '"a \\"b\\" \\\\c"',
    '"$${attr.x} %%{if} $5"',
    '"a\\u000ab"',
  ]);
});
