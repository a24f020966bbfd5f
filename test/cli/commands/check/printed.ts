import { vi } from "vitest";
import type { Command } from "../../../../src/cli/command-line/command-line.ts";

/** Runs a command in this process; its exit code and what it printed. */
export async function printed(
  command: Command,
  operands: readonly string[],
  flags: Readonly<Record<string, string>> = {},
): Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }> {
  const streams = { stdout: "", stderr: "" };
  const spies = (["stdout", "stderr"] as const).map((stream) =>
    vi.spyOn(process[stream], "write").mockImplementation((text) => {
      streams[stream] += String(text);
      return true;
    }),
  );
  try {
    return { code: await command.run(flags, operands), ...streams };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}
