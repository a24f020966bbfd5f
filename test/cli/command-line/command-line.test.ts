import { describe, expect, test } from "vitest";
import { AppError } from "../../../src/base/errors.ts";
import type { Command, CommandRow } from "../../../src/cli/command-line/command-line.ts";
import { parseCommandLine } from "../../../src/cli/command-line/parse.ts";
import { COMMANDS as TABLE } from "../../../src/cli/command-table.ts";

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
const COMMANDS = [rowOf(run, "run"), rowOf(version, "about")];

function rowOf(command: Command, group: CommandRow["group"]): CommandRow {
  return { name: command.name, summary: command.summary, group, load: () => Promise.resolve(command) };
}

async function helpFor(argv: readonly string[]): Promise<string> {
  const invocation = await parseCommandLine(argv, COMMANDS);
  if (invocation.kind !== "help") throw new Error(invocation.kind);
  return invocation.text;
}

async function refusal(...argv: readonly string[]): Promise<AppError> {
  const error = await parseCommandLine(argv, COMMANDS).catch((reason: unknown) => reason);
  if (error instanceof AppError) return error;
  throw new Error("the command line was not refused by an AppError");
}

test.each([[["run", "--output", "a.yml"]], [["run", "--output=a.yml"]]])(
  "%j names a command and its flags",
  async (argv) => {
    const invocation = await parseCommandLine(argv, COMMANDS);
    expect(invocation).toEqual({ kind: "command", command: run, flags: { output: "a.yml" }, operands: [] });
  },
);

test("--version is the command", async () => {
  expect(await parseCommandLine(["--version"], COMMANDS)).toMatchObject({ kind: "command", command: version });
});

test.each([[[]], [["help"]], [["--help"]], [["-h"]]])("%j lists all commands by group", async (argv) => {
  const text = await helpFor(argv);
  expect(text).toContain("Run:\n  run      watch and publish\n");
  expect(text).toContain("About portolan:\n  version  print the version\n");
  expect(text).not.toContain("Ports:");
});

test("a command line loads the command that it names, and no other", async () => {
  const loud: CommandRow = { ...rowOf(version, "about"), load: () => Promise.reject(new Error("loaded")) };
  const rows = [rowOf(run, "run"), loud];
  expect(await parseCommandLine(["run"], rows)).toMatchObject({ kind: "command", command: run });
  expect(await parseCommandLine(["help"], rows)).toMatchObject({ kind: "help" });
  await expect(parseCommandLine(["version"], rows)).rejects.toThrow("loaded");
});

test.each(TABLE.map((row) => [row.name, row] as const))("the row of %s says what the command says", async (_, row) => {
  const { name, summary } = await row.load();
  expect({ name, summary }).toEqual({ name: row.name, summary: row.summary });
});

test.each([[["run", "--help"]], [["run", "-h"]], [["run", "--output", "a.yml", "--help"]]])(
  "%j explains a command",
  async (argv) => {
    const text = await helpFor(argv);
    expect(text).toContain("Runs until it is asked to stop.");
    expect(text).toContain("  --output FILE  the chart");
  },
);

describe("what is refused, with exit code 64 and the words that are allowed", () => {
  test("an unknown command", async () => {
    const error = await refusal("rnu");
    expect(error.exitCode).toBe(64);
    expect(error.message).toBe('unknown command "rnu"; known: run, version');
  });

  test.each([
    ["an unknown flag", ["run", "--outptu", "a.yml"], "--outptu"],
    ["a flag without its value", ["run", "--output"], "--output"],
    ["a word that is no flag", ["run", "a.yml"], "a.yml"],
  ])("%s", async (_, argv, word) => {
    const error = await refusal(...argv);
    expect(error.exitCode).toBe(64);
    expect(error.message).toContain(word);
    expect(error.message).toContain("allowed: --output --help");
  });
});
