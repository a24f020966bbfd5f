import { readFile } from "node:fs/promises";
import { loadAll } from "js-yaml";
import { AppError, EXIT_CODES } from "../errors.ts";
import { resolveSettings, type SettingsInput } from "./resolve.ts";
import type { Settings } from "./schema.ts";

/**
 * Reads the settings file, if one is named, and resolves it with environment and flags. Throws one AppError (exit code
 * 78) that lists every problem, each with its path, what was found, what is allowed and where it came from.
 */
export async function loadSettings(
  flags: SettingsInput["flags"],
  environment: SettingsInput["environment"],
): Promise<Settings> {
  const path = flags["settings"];
  const file = path === undefined ? undefined : { name: path, content: await readSettingsFile(path) };
  const resolved = resolveSettings({ ...(file === undefined ? {} : { file }), environment, flags });
  if (resolved.kind === "resolved") return resolved.settings;
  const lines = resolved.errors.map((error) => `  ${error}`);
  throw badSettings(`${resolved.errors.length} problem(s) in the settings:\n${lines.join("\n")}`);
}

async function readSettingsFile(path: string): Promise<unknown> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown reason";
    throw badSettings(`settings file ${path}: cannot be read (${code}); name a readable file with --settings`);
  }
  try {
    // A file of comments only is a file without settings, not a broken one.
    return loadAll(text)[0] ?? {};
  } catch (error) {
    const reason = error instanceof Error ? (error.message.split("\n")[0] ?? "") : "unknown reason";
    throw badSettings(`settings file ${path}: not valid YAML: ${reason}`);
  }
}

function badSettings(message: string): AppError {
  return new AppError(message, { code: "E_SETTINGS", retryable: false, exitCode: EXIT_CODES.badSettings });
}
