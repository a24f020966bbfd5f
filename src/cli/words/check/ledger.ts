import type { Command } from "../../command-line/command-line.ts";
import { CHECK_EXIT_CODES, JSON_FLAG } from "../../flags/check-flags.ts";

export const checkLedgerCommand: Command = {
  name: "check ledger",
  summary: "say what is wrong with a ledger of ports, or that nothing is",
  help: "Reads a ledger as `run` would and looks for ports that it declares for two owners. Reads no catalog.",
  operands: "FILE|-",
  flags: [JSON_FLAG],
  exitCodes: CHECK_EXIT_CODES,
  run: async (flags, operands) => (await import("../../commands/check/ledger.ts")).run(flags, operands),
};
