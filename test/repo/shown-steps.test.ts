import { describe, expect, test } from "vitest";
import { printedPattern, shownSteps } from "../builders/shown-steps.ts";

describe("what a page says that a command prints", () => {
  test("is the block behind it, where nothing but blank lines lies between", () => {
    const page =
      "# Page\n\n```sh\nls\n```\n\n```\na.txt\n```\n\n```sh\nrm a.txt\n```\n\nThen it is gone.\n\n```\nls\n```\n";
    expect(shownSteps(page)).toEqual([
      { line: 3, commands: "ls\n", printed: "a.txt\n" },
      { line: 11, commands: "rm a.txt\n", printed: undefined },
    ]);
  });

  test.each([
    ["ready, up …\n", "ready, up 4s\n", true],
    ["ready, up …\n", "not ready, up 4s\n", false],
    ["NAME  STATE\nwiki  live\n", "NAME                STATE\nwiki                live\n", true],
    ["a\n…\nd\n", "a\nb\nc\nd\n", true],
    ["a\n…\nd\n", "a\nd\n", true],
    ["a\n…\nd\n", "a\nb\nc\n", false],
    ["a (b) [c] $d\n", "a (b) [c] $d\n", true],
    ["a\n", "a\nb\n", false],
    ["a\n", "b\na\n", false],
  ])("%j and %j: %s", (said, printed, isSo) => {
    expect(printedPattern(said).test(printed)).toBe(isSo);
  });
});
