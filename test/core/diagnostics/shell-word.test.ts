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
