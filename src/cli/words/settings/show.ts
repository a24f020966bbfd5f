import type { Command } from "../../command-line/command-line.ts";
import { SETTINGS_FLAGS } from "../../command-line/flags.ts";

export const settingsShowCommand: Command = {
  name: "settings show",
  summary: "print the settings in force, and where each value comes from",
  help: [
    "Resolves file, environment and flags as run does, and prints each value with the flag, the variable or the line of the",
    "file that it comes from, or `default`. Tokens and keys are masked. No process is asked: a portolan that runs may have been",
    "started with other flags and variables.",
  ].join("\n"),
  flags: [...SETTINGS_FLAGS, { name: "json", help: "print JSON, in which nothing is cut" }],
  exitCodes: { 0: "the settings are sound", 78: "they have problems, each of which is listed" },
  run: async (flags) => (await import("../../commands/settings/show.ts")).run(flags),
};
