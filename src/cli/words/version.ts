import type { Command } from "../command-line/command-line.ts";

export const versionCommand: Command = {
  name: "version",
  summary: "print the version",
  help: "Prints the version and nothing else.",
  flags: [],
  exitCodes: { 0: "done" },
  run: async () => (await import("../commands/version.ts")).run(),
};
