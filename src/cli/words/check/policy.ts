import type { Command } from "../../command-line/command-line.ts";
import { SETTINGS_FLAG } from "../../command-line/flags.ts";
import { CHECK_EXIT_CODES, JSON_FLAG } from "../../flags/check-flags.ts";

export const checkPolicyCommand: Command = {
  name: "check policy",
  summary: "say which services each rule of a policy is about, or what is wrong with it",
  help: [
    "Reads a policy as `run` would and prints one line a rule, in the order in which they count. Names of networks, of",
    "edges and of demanded middlewares are looked up beside the settings. Reads no catalog.",
  ].join("\n"),
  operands: "FILE|-",
  flags: [SETTINGS_FLAG, JSON_FLAG],
  exitCodes: { ...CHECK_EXIT_CODES, 78: "the settings to judge by cannot be used" },
  run: async (flags, operands) => (await import("../../commands/check/policy.ts")).run(flags, operands),
};
