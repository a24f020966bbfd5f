import { inputTitle } from "../../base/input-title.ts";
import { isMissing } from "../../base/missing-file.ts";

/** Names the settings file where no flag does: so every command in the same container, task or shell finds it. */
export const SETTINGS_VARIABLE = "PORTOLAN_SETTINGS";

/** Where the settings file lies that neither the flag nor the variable names. */
export const DEFAULT_SETTINGS_FILE = "/etc/portolan/portolan.yml";

/** A settings file, and what has named it. */
export interface SettingsFile {
  readonly path: string;
  readonly by: "--settings" | typeof SETTINGS_VARIABLE | "the default path";
}

/**
 * The settings file that counts: that of `--settings`, else that of PORTOLAN_SETTINGS, else the one at the default path where
 * there is one. A file that is named counts also where it does not exist, so that reading it fails; an empty variable is
 * unset. A file at the default path that may not be looked at counts as well: charting without it would be other settings.
 *
 * @param defaultPath another default path, for tests
 */
export async function findSettingsFile(
  flags: Readonly<Record<string, string | undefined>>,
  environment: Readonly<Record<string, string | undefined>>,
  defaultPath: string = DEFAULT_SETTINGS_FILE,
): Promise<SettingsFile | undefined> {
  const flag = flags["settings"];
  if (flag !== undefined) return { path: flag, by: "--settings" };
  const variable = environment[SETTINGS_VARIABLE] ?? "";
  if (variable !== "") return { path: variable, by: SETTINGS_VARIABLE };
  return (await isMissing(defaultPath)) ? undefined : { path: defaultPath, by: "the default path" };
}

/** As it stands in the log: `/etc/portolan/portolan.yml (PORTOLAN_SETTINGS)`. */
export function settingsFileTitle(file: SettingsFile | undefined): string {
  return file === undefined ? "no file" : `${inputTitle(file.path)} (${file.by})`;
}
