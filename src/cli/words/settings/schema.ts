import { PUBLISHED_SCHEMA_NAMES } from "../../../config/resolve/published-names.ts";
import type { Command } from "../../command-line/command-line.ts";

export const settingsSchemaCommand: Command = {
  name: "settings schema",
  summary: "print a JSON Schema, by which editors complete and check files",
  help: [
    "The schema of the settings file, of a policy or of a ledger (default: settings). With it in portolan.schema.json beside",
    "the file, the file's first line is",
    "",
    "  # yaml-language-server: $schema=portolan.schema.json",
  ].join("\n"),
  operands: `[${PUBLISHED_SCHEMA_NAMES.join("|")}]`,
  flags: [],
  exitCodes: { 0: "printed" },
  run: async (flags, operands) => (await import("../../commands/settings/schema.ts")).run(flags, operands),
};
