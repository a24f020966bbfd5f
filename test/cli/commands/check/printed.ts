import { vi } from "vitest";
import type { Command, FlagValues } from "../../../../src/cli/command-line/command-line.ts";

/** What a command has printed, and its exit code. */
export interface Printed {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command in this process; an AppError is thrown. */
export function printed(command: Command, operands: readonly string[], flags: FlagValues = {}): Promise<Printed> {
  return printedBy(() => command.run(flags, operands));
}

/** What is printed while something runs, with the exit code that it resolves to. */
export async function printedBy(run: () => Promise<number>): Promise<Printed> {
  const streams = { stdout: "", stderr: "" };
  const spies = (["stdout", "stderr"] as const).map((stream) =>
    vi.spyOn(process[stream], "write").mockImplementation((text) => {
      streams[stream] += String(text);
      return true;
    }),
  );
  try {
    return { code: await run(), ...streams };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}
