import { nearest } from "../base/nearest.ts";
import type { SettingPath } from "../config/resolve/setting-origins.ts";
import type { WrittenSetting, WrittenValue } from "../config/written/written-settings.ts";
import { TRAEFIK_VERSIONS, type TraefikVersion } from "../core/traefik/chart/dynamic-config.ts";
import { fateOf, type OptionFate, optionsOf } from "./provider-options.ts";
import { PROVIDERS, type Provider } from "./providers.ts";
import { isStaticSection, type StaticOption } from "./static-config.ts";
import { booleanOf, listOf, namesBelow, type StaticSection, sectionAt, textOf } from "./static-options.ts";

/** What is to be said of an option of Traefik's. Never its value: it may be a secret. */
export interface OptionNote {
  /** As it is written: `providers.consulCatalog.connectAware`. */
  readonly option: string;
  readonly kind: "secret" | "without-equal" | "unneeded" | "unknown";
  readonly why: string;
  readonly todo?: string;
}

/** What Traefik's API tells of the Traefik that runs. */
export interface RunningTraefik {
  /** Where it was asked, and as whom; absent where portolan is not to ask it itself. */
  readonly api?: { readonly address: string; readonly user?: string; readonly passwordFile?: string };
  /** `3.6.12`; whatever a build of one's own calls itself. */
  readonly version: string;
  readonly entryPoints: readonly { readonly name: string; readonly isDefault: boolean }[];
}

/** The settings that mean what a provider's options mean, and what is to be said beside them. */
export interface StaticMigration {
  readonly kind: "migrated";
  /** Without what the catalog brings: exceptions, policy and the like. */
  readonly settings: readonly WrittenSetting[];
  readonly notes: readonly OptionNote[];
  /** The directory of Traefik's file provider; undefined where it reads none. */
  readonly directory: string | undefined;
  /** The one file that it reads in place of a directory. */
  readonly fileName: string | undefined;
}

/** Where files stand if nothing says where: as in the project's own examples. */
const USUAL = { directory: "/etc/traefik/dynamic", stateDir: "/var/lib/portolan" } as const;

/**
 * Turns Traefik's static configuration into settings of the same meaning for one of its providers; refused where it does not
 * configure that provider.
 */
export function migrateStatic(
  options: readonly StaticOption[],
  from: Provider,
  running: RunningTraefik | undefined,
): StaticMigration | { readonly kind: "refused"; readonly configured: readonly string[] } {
  const section = sectionAt(options, `providers.${from}`);
  if (section === undefined) return { kind: "refused", configured: namesBelow(options, "providers") };
  const fates = fatesIn(section, from);
  const known = fates.flatMap(({ fates: own }) => own ?? []);
  const file = sectionAt(options, "providers.file")?.options;
  const directory = textIn(file?.get("directory"));
  const fileName = directory === undefined ? textIn(file?.get("filename")) : undefined;
  const settings = [
    ...catalogSettings(section, from, known),
    ...traefikSettings(options, running, known, from),
    {
      path: "output.file",
      value: `${(directory ?? USUAL.directory).replace(/\/+$/, "")}/portolan.yml`,
      comment: [
        directory === undefined
          ? "Traefik's file provider reads no directory yet: providers.file.directory is to name this one."
          : "Traefik's file provider reads this directory.",
      ],
    },
    {
      path: "stateDir",
      value: USUAL.stateDir,
      comment: ["What survives a restart. Never inside the watched directory."],
    },
  ];
  return {
    kind: "migrated",
    settings,
    notes: [...notesOf(fates, section, from), ...otherNotes(options, from)],
    directory,
    fileName,
  };
}

interface Judged {
  readonly option: StaticOption;
  readonly fates: readonly OptionFate[] | undefined;
}

function fatesIn({ options }: StaticSection, from: Provider): readonly Judged[] {
  return [...options].map(([key, option]) => ({ option, fates: fateOf(from, key, option.value, options) }));
}

/** The section of the catalog, or a list of catalogs where Traefik reads several namespaces of Consul. */
function catalogSettings(
  { options }: StaticSection,
  from: Provider,
  fates: readonly OptionFate[],
): readonly WrittenSetting[] {
  const product = from === "nomad" ? "nomad" : "consul";
  const fields = new Map<string, WrittenValue>();
  if (product === "nomad") fields.set("address", "http://127.0.0.1:4646");
  for (const fate of fates) if (fate.kind === "connection") fields.set(fate.field, fate.value);
  if (product === "nomad") fields.set("health", "none");
  const tokenFile = fates.find((fate) => fate.kind === "secret" && fate.field === "tokenFile");
  const namespaces = product === "consul" ? listOf(options.get("namespaces")?.value ?? []) : [];
  if (namespaces.length > 1) {
    const items = namespaces.map((namespace) => ({
      comment: `in Traefik: NAME@consulcatalog-${namespace}${tokenFile === undefined ? "" : "; its token: tokenFile"}`,
      value: { name: catalogName(namespace), consul: nested(new Map([...fields, ["namespace", namespace]])) },
    }));
    const comment = ["Each namespace is a catalog of its own, as in Traefik, and names get it as a prefix."];
    return [
      { path: "catalogs", value: { items } },
      { path: "equalNames", value: "prefix", comment },
    ];
  }
  const [namespace] = namespaces;
  if (namespace !== undefined) fields.set("namespace", namespace);
  const written = [...fields].map(
    ([field, value]): WrittenSetting => ({
      path: `${product}.${field}`,
      value,
      ...(field === "health"
        ? {
            comment: [
              "As in Traefik, which routes to all that is registered. Remove the line, and only instances get traffic",
              "whose checks in Nomad succeed.",
            ],
          }
        : {}),
    }),
  );
  const secret: WrittenSetting = {
    path: `${product}.tokenFile`,
    value: `/etc/portolan/${product}-token`,
    isOff: true,
    comment: [
      `Traefik has a token, which is not copied: a file with one, or ${product === "nomad" ? "NOMAD_TOKEN" : "CONSUL_HTTP_TOKEN"}.`,
    ],
  };
  return tokenFile === undefined ? written : [...written, secret];
}

/** `a.b` and its value as a tree. */
function nested(fields: ReadonlyMap<string, WrittenValue>): WrittenValue {
  const tree: Record<string, WrittenValue> = {};
  const tls: Record<string, WrittenValue> = {};
  for (const [field, value] of fields) {
    const [section, below] = field.split(".");
    if (section === "tls" && below !== undefined) tls[below] = value;
    else tree[field] = value;
  }
  return Object.keys(tls).length === 0 ? tree : { ...tree, tls };
}

/** A namespace as the name of a catalog, which has lower-case letters, digits and hyphens. */
function catalogName(namespace: string): string {
  return namespace.toLowerCase().replace(/[^a-z0-9-]+/g, "-") || "default";
}

function traefikSettings(
  options: readonly StaticOption[],
  running: RunningTraefik | undefined,
  fates: readonly OptionFate[],
  from: Provider,
): readonly WrittenSetting[] {
  const own = new Map<SettingPath, WrittenValue>([["traefik.exposedByDefault", true]]);
  for (const fate of fates) if (fate.kind === "setting") own.set(fate.path, fate.value);
  const isSaid = fates.some((fate) => fate.kind === "setting" && fate.path === "traefik.exposedByDefault");
  const syntax = textOf(sectionAt(options, "core")?.options.get("defaultrulesyntax")?.value ?? "");
  const entryPoints = entryPointsOf(options, running);
  const defaults = entryPoints.filter(({ isDefault }) => isDefault).map(({ name }) => name);
  return [
    versionSetting(running),
    ...(running?.api === undefined
      ? []
      : [
          {
            path: "traefik.api",
            value: { ...running.api },
            comment: [
              "Where portolan sees what Traefik makes of the chart; from where portolan runs (docs/traefik-api.md).",
            ],
          },
        ]),
    ...(syntax === "v2" ? [{ path: "traefik.ruleSyntax", value: "v2" }] : []),
    ...[...own].map(
      ([path, value]): WrittenSetting => ({
        path,
        value,
        ...(path === "traefik.exposedByDefault" && !isSaid
          ? {
              comment: [
                `The default of Traefik's ${from}, where nothing is said. Safer: false, so that tags ask for a route.`,
              ],
            }
          : {}),
      }),
    ),
    ...(entryPoints.length === 0 ? [] : [{ path: "traefik.entryPoints", value: entryPoints.map(({ name }) => name) }]),
    ...(defaults.length === 0 ? [] : [{ path: "traefik.defaultEntryPoints", value: defaults }]),
  ];
}

/** The newest line whose fields are known and that the running Traefik is not older than. */
function versionSetting(running: RunningTraefik | undefined): WrittenSetting {
  const found = running?.version.replace(/^v/, "") ?? "";
  const [, major = "", minor = ""] = /^(\d+)\.(\d+)/.exec(found) ?? [];
  const line = TRAEFIK_VERSIONS.findLast((one) => isNotBefore(one, Number(major), Number(minor)));
  const [oldest] = TRAEFIK_VERSIONS;
  if (running !== undefined && line !== undefined) {
    return { path: "traefik.version", value: line, comment: [`The Traefik that runs there is ${found}.`] };
  }
  const why =
    running === undefined
      ? "The oldest that is known, since no --traefik-api told: set it to the line of your Traefik."
      : `The Traefik that runs there calls itself ${JSON.stringify(found)}, which is no line that is known (${TRAEFIK_VERSIONS.join(", ")}).`;
  return { path: "traefik.version", value: oldest, comment: [why] };
}

function isNotBefore(line: TraefikVersion, major: number, minor: number): boolean {
  const [lineMajor = 0, lineMinor = 0] = line.split(".").map(Number);
  return lineMajor < major || (lineMajor === major && lineMinor <= minor);
}

/** All but Traefik's own, which is none for services. What runs knows better than a file. */
function entryPointsOf(
  options: readonly StaticOption[],
  running: RunningTraefik | undefined,
): RunningTraefik["entryPoints"] {
  const found =
    running?.entryPoints ??
    namesBelow(options, "entrypoints").map((name) => ({
      name,
      isDefault:
        booleanOf(sectionAt(options, `entrypoints.${name.toLowerCase()}`)?.options.get("asdefault")?.value ?? false) ===
        true,
    }));
  return found.filter(({ name }) => name !== "traefik");
}

function textIn(option: StaticOption | undefined): string | undefined {
  const text = option === undefined ? "" : textOf(option.value);
  return text === "" ? undefined : text;
}

function notesOf(judged: readonly Judged[], { path }: StaticSection, from: Provider): readonly OptionNote[] {
  return judged.flatMap(({ option, fates }): readonly OptionNote[] => {
    const name = option.path.join(".");
    if (fates === undefined) {
      const below = name.slice(path.length + 1);
      const meant = nearest(below.toLowerCase(), optionsOf(from));
      const todo = meant === undefined ? "see what it does in Traefik's documentation" : `is ${path}.${meant} meant?`;
      return [{ option: name, kind: "unknown", why: "portolan knows no such option of Traefik 3.6 and 3.7", todo }];
    }
    return fates.flatMap((fate): readonly OptionNote[] => {
      if (fate.kind === "setting" || fate.kind === "connection") return [];
      const todo = fate.kind === "unneeded" ? {} : { todo: fate.todo };
      return [{ option: name, kind: fate.kind, why: fate.why, ...todo }];
    });
  });
}

/** What else of the static configuration is to be said: the other provider that portolan may replace, and sections that are none. */
function otherNotes(options: readonly StaticOption[], from: Provider): readonly OptionNote[] {
  const others = PROVIDERS.filter((one) => one !== from).flatMap((one): readonly OptionNote[] => {
    const section = sectionAt(options, `providers.${one}`);
    if (section === undefined) return [];
    const why = "the other catalog that Traefik reads is not in these settings";
    return [
      {
        option: section.path,
        kind: "without-equal",
        why,
        todo: `migrate --from ${one} writes its settings; both together stand in catalogs (docs/settings.md)`,
      },
    ];
  });
  const strangers = [...new Set(options.map(({ path: [section = ""] }) => section))]
    .filter((section) => !isStaticSection(section.toLowerCase()))
    .map(
      (section): OptionNote => ({
        option: section,
        kind: "unknown",
        why: "Traefik's static configuration has no such section",
        todo: "correct its name, or remove it",
      }),
    );
  return [...others, ...strangers];
}
