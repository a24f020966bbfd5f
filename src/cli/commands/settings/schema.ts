import { EXIT_CODES } from "../../../base/errors.ts";
import { isPublishedSchema, PUBLISHED_SCHEMAS, publishedSchemaText } from "../../../config/resolve/published-schema.ts";
import { type Command, usageError } from "../../command-line/command-line.ts";
import { didYouMean } from "../../text/did-you-mean.ts";
import { quoted } from "../../text/quoted.ts";

const NAMES = Object.keys(PUBLISHED_SCHEMAS);

export const settingsSchemaCommand: Command = {
  name: "settings schema",
  summary: "print a JSON Schema, by which editors complete and check files",
  help: [
    "The schema of the settings file, of a policy or of a ledger (default: settings). With it in portolan.schema.json beside",
    "the file, the file's first line is",
    "",
    "  # yaml-language-server: $schema=portolan.schema.json",
  ].join("\n"),
  operands: `[${NAMES.join("|")}]`,
  flags: [],
  exitCodes: { 0: "printed" },
  run(_, [name = "settings", ...others]) {
    if (others.length > 0) throw usageError(`settings schema: one name is allowed: ${NAMES.join(", ")}`);
    if (!isPublishedSchema(name)) {
      throw usageError(
        `settings schema: found ${quoted(name)}; allowed: ${NAMES.join(", ")}${didYouMean(name, NAMES)}`,
      );
    }
    process.stdout.write(publishedSchemaText(name));
    return Promise.resolve(EXIT_CODES.ok);
  },
};
