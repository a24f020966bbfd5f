import { readInput } from "../base/input-file.ts";
import { inputTitle } from "../base/input-title.ts";
import { linesOfKeys } from "../base/yaml-lines.ts";
import { parseYaml } from "../base/yaml-text.ts";
import { badSettings } from "./bad-settings.ts";
import { withPathsFrom } from "./files/relative-paths.ts";
import { SETTINGS_VARIABLE, type SettingsFile } from "./files/settings-file.ts";

/** What a settings file says, with paths from its own folder. Throws AppError (exit code 78). */
export async function readSettingsFile({ path, by }: SettingsFile): Promise<unknown> {
  const remedy = by === "the default path" ? `--settings or ${SETTINGS_VARIABLE}` : by;
  return withPathsFrom(path, await readYaml("settings file", path, remedy));
}

/** Where its keys stand, by their paths; nothing is known of standard input, which can be read once. */
export async function linesOfSettingsFile({ path }: SettingsFile): Promise<ReadonlyMap<string, number>> {
  const found = await readInput(path);
  return found.kind === "unreadable" ? new Map() : linesOfKeys(found.text);
}

/**
 * Reads a file of the operator's, `-` from standard input. Throws AppError (exit code 78) that names what it is (`what`), the path and how to name
 * another (`named`).
 */
export async function readYaml(what: string, path: string, named: string): Promise<unknown> {
  const title = `${what} ${inputTitle(path)}`;
  const found = await readInput(path);
  if (found.kind === "unreadable") {
    throw badSettings(`${title}: cannot be read (${found.reason}); name a readable file with ${named}`);
  }
  const parsed = parseYaml(found.text);
  if (parsed.kind === "refused") throw badSettings(`${title}: not valid YAML${parsed.fault}`);
  // A file of comments only is a file without settings, not a broken one.
  return parsed.documents[0] ?? {};
}
