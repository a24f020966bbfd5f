import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { hclString } from "../../../src/cli/text/hcl-string.ts";
import { shellWord } from "../../../src/core/diagnostics/shell-word.ts";

test("a plain word of a shell stays plain, every other is one word all the same", () => {
  expect(["50052", "nats.service.consul:4222", "true"].map(shellWord)).toEqual([
    "50052",
    "nats.service.consul:4222",
    "true",
  ]);
  const hostile = ["a b", "$(id)", "`id`", "it's", "", "a;b", "*", "~", "#x", "a\nb", "é"];
  const printed = execFileSync("sh", ["-c", `printf '%s\\0' ${hostile.map(shellWord).join(" ")}`]).toString();
  expect(printed).toBe(hostile.map((word) => `${word}\0`).join(""));
});

test("a string of HCL interpolates nothing and ends where it should", () => {
  expect(['a "b" \\c', `\${attr.x} %{if} $5`, "a\nb"].map(hclString)).toEqual([
    '"a \\"b\\" \\\\c"',
    '"$${attr.x} %%{if} $5"',
    '"a\\u000ab"',
  ]);
});
