import { resolve } from "node:path";
import { AppError } from "../base/errors.ts";
import type { Settings } from "./files/schema.ts";
import { findSettingsFile, type SettingsFile, settingsFileTitle } from "./files/settings-file.ts";
import { loadSettings } from "./load.ts";
import type { SettingsInput } from "./resolve/resolve.ts";
import { TRIED_FLAGS } from "./resolve/setting-origins.ts";

/** By which settings is planned. */
export interface TriedSettings {
  /** Those in force, as far as files tell: what a dry pass begins with. */
  readonly present: Settings;
  /** Those to be tried, where they are others. */
  readonly next?: Settings;
  /** Sections of the next settings that count after a restart only, and that decide which routes there are. */
  readonly afterRestart: readonly string[];
  /** What is tried, for people; undefined where it is what is in force. */
  readonly tried: string | undefined;
}

/** What decides about routes, and is read at the start only. */
const AT_THE_START = [
  "consul",
  "nomad",
  "catalogs",
  "schedulers",
  "edges",
] as const satisfies readonly (keyof Settings)[];

/**
 * The settings of the plan. Those in force are the ones that PORTOLAN_SETTINGS names, or that lie at the default path; those of
 * `--settings` are tried in their place where they are for the same chart, and count as in force where they are not. Throws
 * AppError where one of them cannot be used.
 */
export async function triedSettings(
  flags: SettingsInput["flags"],
  environment: SettingsInput["environment"],
): Promise<TriedSettings> {
  const { settings: named, ...others } = flags;
  const untried = Object.fromEntries(Object.entries(others).filter(([flag]) => !Object.hasOwn(TRIED_FLAGS, flag)));
  const tries = Object.keys(TRIED_FLAGS).filter((flag) => flags[flag] !== undefined);
  const inForce = await findSettingsFile({}, environment);
  const isOther = named !== undefined && inForce !== undefined && resolve(named) !== resolve(inForce.path);
  const namedFile = named === undefined ? inForce : await findSettingsFile({ settings: named }, environment);
  const next = await loadSettings(flags, environment, namedFile);
  const present = isOther ? await loadInForce(untried, environment, inForce) : undefined;
  const isSamePlace = present !== undefined && isOfSameChart(present, next);
  const words = [
    ...(isSamePlace ? [`the settings in ${named} in place of ${settingsFileTitle(inForce)}`] : []),
    ...tries.map((flag) => `${flag === "traefik-version" ? "Traefik" : `the ${flag}`} ${flags[flag]}`),
  ];
  const tried = words.length === 0 ? undefined : words.join(", ");
  if (isSamePlace) return { present, next, afterRestart: startChanges(present, next), tried };
  if (tries.length === 0) return { present: next, afterRestart: [], tried };
  const withoutTries = await loadSettings(untried, environment, namedFile);
  return { present: withoutTries, next, afterRestart: [], tried };
}

/** Undefined where the settings in force cannot be used: then nothing is known of them. */
async function loadInForce(
  flags: SettingsInput["flags"],
  environment: SettingsInput["environment"],
  inForce: SettingsFile,
): Promise<Settings | undefined> {
  try {
    return await loadSettings(flags, environment, inForce);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return undefined;
  }
}

function isOfSameChart(one: Settings, other: Settings): boolean {
  return resolve(one.output.file) === resolve(other.output.file) && resolve(one.stateDir) === resolve(other.stateDir);
}

function startChanges(present: Settings, next: Settings): readonly string[] {
  return AT_THE_START.filter((section) => textOf(present[section]) !== textOf(next[section]));
}

function textOf(value: unknown): string | undefined {
  return JSON.stringify(value, (_, part) => (typeof part === "bigint" ? String(part) : part));
}
