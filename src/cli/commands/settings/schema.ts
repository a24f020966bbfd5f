import { EXIT_CODES } from "../../../base/errors.ts";
import { PUBLISHED_SCHEMA_NAMES } from "../../../config/resolve/published-names.ts";
import { isPublishedSchema, publishedSchemaText } from "../../../config/resolve/published-schema.ts";
import { type FlagValues, usageError } from "../../command-line/command-line.ts";
import { didYouMean } from "../../text/did-you-mean.ts";
import { quoted } from "../../text/quoted.ts";

/** Does what `settingsSchemaCommand` says. Resolves to the exit code. */
export function run(_: FlagValues, [name = "settings", ...others]: readonly string[]): Promise<number> {
  if (others.length > 0) throw usageError(`settings schema: one name is allowed: ${PUBLISHED_SCHEMA_NAMES.join(", ")}`);
  if (!isPublishedSchema(name)) {
    throw usageError(
      `settings schema: found ${quoted(name)}; allowed: ${PUBLISHED_SCHEMA_NAMES.join(", ")}${didYouMean(name, PUBLISHED_SCHEMA_NAMES)}`,
    );
  }
  process.stdout.write(publishedSchemaText(name));
  return Promise.resolve(EXIT_CODES.ok);
}
