import { createHash } from "node:crypto";
import { count } from "../base/count.ts";
import { inputTitle } from "../base/input-title.ts";
import type { Ledger } from "../core/ports/ledger/ledger.ts";
import type { Policy } from "../core/settings.ts";
import { badSettings } from "./bad-settings.ts";
import { lastingAddress } from "./files/catalog-address.ts";
import { parseLedger } from "./files/ledger-file.ts";
import { parsePolicy } from "./files/policy-file.ts";
import { PATH_KEYS } from "./files/relative-paths.ts";
import type { Settings } from "./files/schema.ts";
import { findSettingsFile, type SettingsFile } from "./files/settings-file.ts";
import { readSettingsFile, readYaml } from "./read-yaml.ts";
import { type GivenSettings, resolveSettings, type SettingsInput } from "./resolve/resolve.ts";

/**
 * Reads the settings file, if there is one (`findSettingsFile`), and resolves it with environment and flags. Throws one
 * AppError (exit code 78) that lists every problem, each with its path, what was found, what is allowed and where it came from.
 *
 * @param found the settings file, where it has been looked for already
 */
export async function loadSettings(
  flags: SettingsInput["flags"],
  environment: SettingsInput["environment"],
  found?: SettingsFile,
): Promise<Settings> {
  return (await loadWithOrigins(flags, environment, found)).settings;
}

/** The same, with what was given, and where. */
export async function loadWithOrigins(
  flags: SettingsInput["flags"],
  environment: SettingsInput["environment"],
  found?: SettingsFile,
): Promise<{ readonly settings: Settings; readonly given: GivenSettings }> {
  const settingsFile = found ?? (await findSettingsFile(flags, environment));
  const file =
    settingsFile === undefined ? undefined : { name: settingsFile.path, content: await readSettingsFile(settingsFile) };
  const resolved = resolveSettings({ ...(file === undefined ? {} : { file }), environment, flags });
  if (resolved.kind === "refused") throw badSettings(listOf("the settings", resolved.errors));
  const { settings, forRoutes, given } = resolved;
  const { policy, ports } = settings;
  const loadedLedger = ports.ledger === undefined ? undefined : await loadLedger(ports.ledger);
  const loaded = {
    ...(policy === undefined ? {} : { loadedPolicy: await loadPolicy(policy, loadedLedger) }),
    ...(loadedLedger && { loadedLedger }),
  };
  const whole = {
    ...settings,
    ...loaded,
    ...(settingsFile === undefined ? {} : { settingsFile }),
    id: idOf([forRoutes, loaded]),
  };
  return { settings: whole, given };
}

/**
 * The settings that a policy is to be judged beside, with their ledger and without the policy that they name; undefined where
 * there is no file of settings. Throws AppError (exit code 78) where they cannot be used.
 */
export async function loadBeside(
  flags: SettingsInput["flags"],
  environment: SettingsInput["environment"],
): Promise<Settings | undefined> {
  const found = await findSettingsFile(flags, environment);
  if (found === undefined) return undefined;
  const resolved = resolveSettings({
    file: { name: found.path, content: await readSettingsFile(found) },
    environment: {},
    flags: {},
  });
  if (resolved.kind === "refused") throw badSettings(listOf("the settings", resolved.errors));
  const { ports } = resolved.settings;
  return ports.ledger === undefined
    ? resolved.settings
    : { ...resolved.settings, loadedLedger: await loadLedger(ports.ledger) };
}

/**
 * A digest of settings, 16 characters long: equal for settings that chart alike. Where files and sockets lie decides about no
 * route, and is another directory in each allocation of a job's.
 */
function idOf(value: unknown): string {
  const text = JSON.stringify(value, (key, part) => {
    if (typeof part === "bigint") return String(part);
    // JSON has none, and would write each as {}.
    if (part instanceof Map) return [...part];
    if (typeof part !== "string") return part;
    return PATH_KEYS.has(key) ? undefined : lastingAddress(part);
  });
  return createHash("sha256").update(text).digest("base64url").slice(0, 16);
}

/**
 * Reads a policy. Throws one AppError (exit code 78) that lists every problem.
 *
 * @param ledger of the same settings, whose networks it may name
 */
export async function loadPolicy(path: string, ledger?: Ledger): Promise<Policy> {
  const parsed = parsePolicy(await readYaml("policy file", path, "the setting policy"), ledger);
  if (parsed.kind === "refused") throw badSettings(listOf(inputTitle(path), parsed.errors));
  return parsed.policy;
}

/** Reads a ledger of ports. Throws one AppError (exit code 78) that lists every problem. */
export async function loadLedger(path: string): Promise<Ledger> {
  const parsed = parseLedger(await readYaml("ledger", path, "the setting ports.ledger"), inputTitle(path));
  if (parsed.kind === "refused") throw badSettings(listOf(inputTitle(path), parsed.errors));
  return parsed.ledger;
}

function listOf(where: string, errors: readonly string[]): string {
  return `${count(errors.length, "problem")} in ${where}:\n${errors.map((error) => `  ${error}`).join("\n")}`;
}
