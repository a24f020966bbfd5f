import { AppError } from "../base/errors.ts";
import type { Settings } from "./files/schema.ts";
import { valueAt } from "./files/schema-problem.ts";
import { findSettingsFile, type SettingsFile } from "./files/settings-file.ts";
import { loadWithOrigins } from "./load.ts";
import { linesOfSettingsFile } from "./read-yaml.ts";
import { maskedSetting } from "./resolve/masked-settings.ts";
import { type SettingReference, settingsReference } from "./resolve/reference.ts";
import type { GivenSettings, SettingsInput } from "./resolve/resolve.ts";

/** A setting with the value that counts, as it would stand in a file, and where that comes from. */
export interface SettingInForce extends SettingReference {
  /** Without secrets. */
  readonly value: unknown;
  /** `default`, `flag --output`, `environment CONSUL_HTTP_ADDR`, or the file with the line. */
  readonly from: string;
}

export interface SettingsInForce {
  readonly settings: Settings;
  readonly file: SettingsFile | undefined;
  /** As they are written, with secrets. */
  readonly given: GivenSettings;
  /** Those that have a value, in the order of the schema, without the fields within lists, and without the catalogs that do not count. */
  readonly rows: readonly SettingInForce[];
}

/** Resolves the settings as every command does. Throws AppError (exit code 78) that lists every problem. */
export async function settingsInForce(
  flags: SettingsInput["flags"],
  environment: SettingsInput["environment"],
): Promise<SettingsInForce> {
  const file = await findSettingsFile(flags, environment);
  const { settings, given } = await loadWithOrigins(flags, environment, file);
  const lines = file === undefined ? new Map<string, number>() : await linesOfSettingsFile(file);
  const isInForce = (path: string) => valueAt(settings, path.split(".")) !== undefined;
  return { settings, file, given, rows: rowsOf(given, file, lines).filter(({ path }) => isInForce(path)) };
}

/** The same where something may be wrong with them: without values then. */
export async function settingsAsFarAsKnown(
  flags: SettingsInput["flags"],
  environment: SettingsInput["environment"],
): Promise<{ readonly rows: readonly SettingInForce[]; readonly problem?: string }> {
  try {
    return await settingsInForce(flags, environment);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    // Where there is no file at all, that is no news.
    const hasFile = (await findSettingsFile(flags, environment)) !== undefined;
    return { rows: [], ...(hasFile && { problem: error.message }) };
  }
}

function rowsOf(
  { tree, origins }: GivenSettings,
  file: SettingsFile | undefined,
  lines: ReadonlyMap<string, number>,
): readonly SettingInForce[] {
  const isUncounted = uncountedSections(tree);
  return settingsReference()
    .filter(({ path }) => !path.includes("[]") && !isUncounted(path))
    .map((reference) => {
      const { path, fallback } = reference;
      const given = valueAt(tree, path.split("."));
      const value = maskedSetting(given ?? fallback, path.split(".").at(-1));
      return { ...reference, value, from: given === undefined ? "default" : originOf(path) };
    });

  function originOf(path: string): string {
    const origin = origins.get(path);
    if (origin !== undefined) return origin;
    // `schedulers` may stand under its old name.
    const line = lines.get(path) ?? (path === "schedulers" ? lines.get("ports.nomad") : undefined);
    return line === undefined ? (file?.path ?? "") : `${file?.path}:${line}`;
  }
}

/** Of Consul and Nomad one is charted, or a list in place of both. */
function uncountedSections(tree: unknown): (path: string) => boolean {
  const hasList = valueAt(tree, ["catalogs"]) !== undefined;
  const hasNomad = valueAt(tree, ["nomad", "address"]) !== undefined;
  const without = hasList ? ["consul.", "nomad."] : [hasNomad ? "consul." : "nomad."];
  return (path) => without.some((section) => path.startsWith(section));
}
