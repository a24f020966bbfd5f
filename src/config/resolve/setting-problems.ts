import type { z } from "zod";
import { settingsSchema } from "../files/schema.ts";
import { allowedInstead, allowedKeys, describeValue, valueAt } from "../files/schema-problem.ts";
import { SECRET_PATHS, type SettingPath } from "./setting-origins.ts";

/** What the schema refuses, as messages that begin with the setting's path; a value that may be secret is not shown. */
export function explainIssue(issue: z.core.$ZodIssue, settings: unknown): readonly string[] {
  const keys = issue.path.map(String);
  const path = keys.join(".");
  if (issue.code === "unrecognized_keys") {
    const known = allowedKeys(settingsSchema, keys).join(", ");
    return issue.keys.map((key) => `${[...keys, key].join(".")}: not a setting; allowed here: ${known}`);
  }
  const value = valueAt(settings, keys);
  if (value === undefined) return [`${path}: found nothing; ${REQUIRED[path] ?? allowedInstead(issue)}`];
  const found = mayBeSecret(issue, path, value) ? "a value that is not shown" : describeValue(value);
  return [`${path}: found ${found}; ${allowedInstead(issue, value)}`];
}

/** A text where a mapping or a list belongs counts: it may be a token or a JWT that was written one level too high. */
function mayBeSecret(issue: z.core.$ZodIssue, path: SettingPath, value: unknown): boolean {
  if (SECRET_PATHS.has(path.replace(/^catalogs\.\d+\./, "").replace(/^edges\.\d+\./, "traefik."))) return true;
  const expectsContainer = issue.code === "invalid_type" && ["object", "record", "array"].includes(issue.expected);
  return expectsContainer && typeof value === "string";
}

/** What to do about settings that have no default. */
const REQUIRED: Readonly<Record<SettingPath, string>> = {
  output: "name the file for Traefik with --output FILE.yml or output.file in the settings",
  "output.file": "name the file for Traefik with --output FILE.yml or output.file in the settings",
  stateDir: "name a directory for what must survive a restart with --state-dir DIR or stateDir in the settings",
};
