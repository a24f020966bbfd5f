import { readFileSync } from "node:fs";

/** What a program's first line gives to the Node that runs it. */
export interface FirstLine {
  readonly environment: Readonly<Record<string, string>>;
  readonly flags: readonly string[];
}

/** Reads `#!/usr/bin/env -S NAME=VALUE … node FLAG …` of a built program: nothing where it has no such line. */
export function firstLineOf(program: string): FirstLine {
  const [line = ""] = readFileSync(program, "utf8").split("\n", 1);
  const [, variables = "", flags = ""] = /^#!\S+ -S ((?:\w+=\S+ )*)node ?(.*)$/.exec(line) ?? [];
  return {
    environment: Object.fromEntries(words(variables).map((word) => word.split("=", 2) as [string, string])),
    flags: words(flags),
  };
}

function words(text: string): readonly string[] {
  return text.split(" ").filter((word) => word !== "");
}
