import type { Diagnostic } from "../diagnostics/diagnostics.ts";
import { aboutFile } from "../operator-config/assemble.ts";
import { TRAEFIK_VERSIONS } from "../traefik/chart/dynamic-config.ts";
import type { ResultContext } from "./result-context.ts";

type SettingsAndResult = Pick<ResultContext, "result" | "settings">;

/** What the settings say of the Traefik that reads the chart, and the running one says otherwise. Nothing of it changes the chart. */
export function doubtSettings(context: SettingsAndResult): readonly Diagnostic[] {
  return [...doubtVersion(context), ...doubtEntryPoints(context), ...doubtDefaults(context)];
}

/** The settings name the oldest line that reads the chart: a newer one is worth a word, an older one may refuse the file. */
function doubtVersion({ result, settings }: SettingsAndResult): readonly Diagnostic[] {
  const { version } = result.traefik;
  const line = /^(\d+)\.(\d+)\./.exec(version);
  if (line === null) return [];
  const newest = TRAEFIK_VERSIONS.at(-1) ?? settings.version;
  const found = compareLines(`${line[1]}.${line[2]}`, newest) > 0 ? newest : `${line[1]}.${line[2]}`;
  const order = compareLines(found, settings.version);
  if (order === 0) return [];
  const isKnown = TRAEFIK_VERSIONS.some((one) => one === found);
  if (order > 0) {
    return [
      aboutFile("traefik.version", {
        code: "TRAEFIK_NEWER",
        message: `the running Traefik is ${version}, and tags may use the fields of ${settings.version} only`,
        remedy: `once every Traefik that reads the chart is ${found} or later: set traefik: { version: "${found}" }`,
      }),
    ];
  }
  const [oldest] = TRAEFIK_VERSIONS;
  return [
    aboutFile("traefik.version", {
      code: "TRAEFIK_OLDER",
      message: `the running Traefik is ${version}, and the chart may have fields of ${settings.version}, for which it would refuse the whole file`,
      remedy: isKnown
        ? `set traefik: { version: "${found}" }, or upgrade Traefik`
        : `upgrade Traefik to ${oldest} or later; portolan charts for no older line`,
    }),
  ];
}

/** Negative where the first is the older one. */
function compareLines(one: string, other: string): number {
  const [major = 0, minor = 0] = one.split(".").map(Number);
  const [otherMajor = 0, otherMinor = 0] = other.split(".").map(Number);
  return major - otherMajor || minor - otherMinor;
}

function doubtEntryPoints({ result, settings: { entryPoints: declared } }: SettingsAndResult): readonly Diagnostic[] {
  const found = result.traefik.entryPoints.map(({ name }) => name);
  if (declared.length === 0 || found.length === 0) return [];
  const lacking = found.filter((name) => name !== "traefik" && !declared.includes(name));
  const gone = declared.filter((name) => !found.includes(name));
  if (lacking.length + gone.length === 0) return [];
  const parts = [
    ...(lacking.length === 0 ? [] : [`it has ${lacking.join(", ")}, which they do not declare`]),
    ...(gone.length === 0 ? [] : [`it has no ${gone.join(", ")}, which they declare`]),
  ];
  return [
    aboutFile("traefik.entryPoints", {
      code: "TRAEFIK_ENTRYPOINTS",
      message: `the settings and the running Traefik name other entry points: ${parts.join("; ")}`,
      remedy: `set traefik: { entryPoints: ${list(found)} }`,
    }),
  ];
}

function doubtDefaults({
  result,
  settings: { defaultEntryPoints: declared },
}: SettingsAndResult): readonly Diagnostic[] {
  const found = result.traefik.entryPoints.filter(({ isDefault }) => isDefault).map(({ name }) => name);
  if (declared.length === 0 || result.traefik.entryPoints.length === 0) return [];
  if (declared.length === found.length && declared.every((name) => found.includes(name))) return [];
  // Without any that is marked Traefik gives a router all of them.
  const has = found.length === 0 ? "marks none as such, so that all are" : `has ${found.join(", ")}`;
  return [
    aboutFile("traefik.defaultEntryPoints", {
      code: "TRAEFIK_ENTRYPOINTS",
      message: `the settings declare the default entry points ${declared.join(", ")}, and the running Traefik ${has}`,
      remedy: `set traefik: { defaultEntryPoints: ${list(found)} }`,
    }),
  ];
}

function list(names: readonly string[]): string {
  return `[${names.map((name) => JSON.stringify(name)).join(", ")}]`;
}
