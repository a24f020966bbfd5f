import { parseCommandLine } from "../../src/cli/command-line/parse.ts";
import { report } from "../../src/cli/command-line/report.ts";
import { COMMANDS } from "../../src/cli/command-table.ts";
import { type Printed, printedBy } from "./commands/check/printed.ts";

/** Runs a command line in this process, without its `portolan`; for commands that print and end. An AppError is thrown. */
export function runHere(words: readonly string[]): Promise<Printed> {
  return printedBy(() => run(words));
}

/**
 * Runs a command line in this process to the exit code and the words that a process of its own would end with, in an
 * environment of these variables alone. For commands that print and end: half a second less than a process each.
 */
export async function endHere(words: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Printed> {
  const { env: before } = process;
  process.env = { PATH: before["PATH"] ?? "", ...env };
  try {
    return await printedBy(() => run(words).catch(report));
  } finally {
    process.env = before;
  }
}

/** As src/program.ts does. */
async function run(words: readonly string[]): Promise<number> {
  const asked = await parseCommandLine(words, COMMANDS);
  if (asked.kind === "command") return await asked.command.run(asked.flags, asked.operands);
  process.stdout.write(asked.text);
  return 0;
}
