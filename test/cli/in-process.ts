import { parseCommandLine } from "../../src/cli/command-line/parse.ts";
import { COMMANDS } from "../../src/cli/command-table.ts";
import { type Printed, printed } from "./commands/check/printed.ts";

/** Runs a command line in this process, without its `portolan`; for commands that print and end. An AppError is thrown. */
export async function runHere(words: readonly string[]): Promise<Printed> {
  const asked = await parseCommandLine(words, COMMANDS);
  if (asked.kind === "help") return { code: 0, stdout: asked.text, stderr: "" };
  return await printed(asked.command, asked.operands, asked.flags);
}
