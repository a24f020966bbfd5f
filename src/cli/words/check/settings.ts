import type { Command } from "../../command-line/command-line.ts";
import { CHECK_EXIT_CODES, JSON_FLAG } from "../../flags/check-flags.ts";

export const checkSettingsCommand: Command = {
  name: "check settings",
  summary: "say what is wrong with a settings file, its policy and its ledger",
  help: [
    "Judges the file by itself, without environment and flags, and the policy and the ledger that it names; without a FILE the",
    "one that `run` would take. Asks no catalog, reads no token and no certificate.",
  ].join("\n"),
  operands: "[FILE|-]",
  flags: [JSON_FLAG],
  exitCodes: CHECK_EXIT_CODES,
  run: async (flags, operands) => (await import("../../commands/check/settings.ts")).run(flags, operands),
};
