import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { shellWord } from "../../../src/core/diagnostics/shell-word.ts";

test.each(["web", "", "$(echo run)", "a'b", "'; echo run; '", "`echo run`", "a b\nc", "-n", "~", "*"])(
  "%j is one word of a shell, and runs nothing",
  (text) => {
    const printed = execFileSync("sh", ["-c", `printf '%s' ${shellWord(text)}`], { encoding: "utf8" });
    expect(printed).toBe(text);
  },
);

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
