import { describe, expect, test } from "vitest";
import { AppError } from "../../../src/base/errors.ts";
import { type Command, parseCommandLine } from "../../../src/cli/command-line/command-line.ts";

const run: Command = {
  name: "run",
  summary: "watch and publish",
  help: "Runs until it is asked to stop.",
  flags: [{ name: "output", value: "FILE", help: "the chart" }],
  run: () => Promise.resolve(0),
};
const version: Command = {
  name: "version",
  summary: "print the version",
  help: "",
  flags: [],
  run: () => Promise.resolve(0),
};
const COMMANDS = [run, version];

function refusal(...argv: readonly string[]): AppError {
  try {
    parseCommandLine(argv, COMMANDS);
  } catch (error) {
    if (error instanceof AppError) return error;
  }
  throw new Error("the command line was not refused by an AppError");
}

test.each([[["run", "--output", "a.yml"]], [["run", "--output=a.yml"]]])("%j names a command and its flags", (argv) => {
  const invocation = parseCommandLine(argv, COMMANDS);
  expect(invocation).toEqual({ kind: "command", command: run, flags: { output: "a.yml" }, operands: [] });
});

test("--version is the command", () => {
  expect(parseCommandLine(["--version"], COMMANDS)).toMatchObject({ kind: "command", command: version });
});

test.each([[[]], [["help"]], [["--help"]], [["-h"]]])("%j lists all commands", (argv) => {
  const invocation = parseCommandLine(argv, COMMANDS);
  if (invocation.kind !== "help") throw new Error(invocation.kind);
  expect(invocation.text).toContain("  run      watch and publish\n  version  print the version\n");
});

test.each([[["run", "--help"]], [["run", "-h"]], [["run", "--output", "a.yml", "--help"]]])(
  "%j explains a command",
  (argv) => {
    const invocation = parseCommandLine(argv, COMMANDS);
    if (invocation.kind !== "help") throw new Error(invocation.kind);
    expect(invocation.text).toContain("Runs until it is asked to stop.");
    expect(invocation.text).toContain("  --output FILE  the chart");
  },
);

describe("what is refused, with exit code 64 and the words that are allowed", () => {
  test("an unknown command", () => {
    const error = refusal("rnu");
    expect(error.exitCode).toBe(64);
    expect(error.message).toBe('unknown command "rnu"; known: run, version');
  });

  test.each([
    ["an unknown flag", ["run", "--outptu", "a.yml"], "--outptu"],
    ["a flag without its value", ["run", "--output"], "--output"],
    ["a word that is no flag", ["run", "a.yml"], "a.yml"],
  ])("%s", (_, argv, word) => {
    const error = refusal(...argv);
    expect(error.exitCode).toBe(64);
    expect(error.message).toContain(word);
    expect(error.message).toContain("allowed: --output --help");
  });
});
