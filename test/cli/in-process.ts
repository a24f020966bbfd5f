import { vi } from "vitest";
import { parseCommandLine } from "../../src/cli/command-line/parse.ts";
import { COMMANDS } from "../../src/cli/command-table.ts";

/** What a command has printed, and its exit code. */
export interface Printed {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command line in this process, without its `portolan`; for commands that print and end. An AppError is thrown. */
export async function runHere(words: readonly string[]): Promise<Printed> {
  const printed = { stdout: "", stderr: "" };
  const spies = (["stdout", "stderr"] as const).map((stream) =>
    vi.spyOn(process[stream], "write").mockImplementation((text) => {
      printed[stream] += String(text);
      return true;
    }),
  );
  try {
    const asked = await parseCommandLine(words, COMMANDS);
    if (asked.kind === "help") return { ...printed, code: 0, stdout: asked.text };
    const code = await asked.command.run(asked.flags, asked.operands);
    return { ...printed, code };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}
