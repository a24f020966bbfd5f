import type { Command } from "../../command-line/command-line.ts";
import { SETTINGS_FLAGS } from "../../command-line/flags.ts";

export const settingsDocCommand: Command = {
  name: "settings doc",
  summary: "say what settings mean, what is allowed, and what counts now",
  help: [
    "Of one setting (`publish.quiet`), of a section (`publish`), or the list of all. For one it says what is allowed, the",
    "default, the flag and the variable, and the value that counts now with where it comes from.",
  ].join("\n"),
  operands: "[KEY]",
  flags: SETTINGS_FLAGS,
  exitCodes: { 0: "printed" },
  run: async (flags, operands) => (await import("../../commands/settings/doc.ts")).run(flags, operands),
};
