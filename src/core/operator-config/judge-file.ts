import { DIAGNOSTIC_CODES } from "../diagnostics/diagnostics.ts";
import type { Finding } from "../diagnostics/finding.ts";
import {
  type ConfigObject,
  type ConfigValue,
  type DynamicConfig,
  isConfigObject,
  isRouterSection,
  newConfig,
  SECTIONS,
  type Section,
  withTexts,
} from "../traefik/chart/dynamic-config.ts";
import { rewriteReferences } from "../traefik/chart/references.ts";
import { connectionsOf } from "../traefik/connections/connections.ts";
import { decodeFile } from "../traefik/decode/decode-file.ts";
import { findEmptyObject } from "../traefik/decode/empty-object.ts";
import type { FileProblem } from "../traefik/decode/file-problem.ts";
import { lintObject } from "../traefik/lint/lint.ts";
import { withDefaults } from "../traefik/rule/stated-defaults.ts";
import { withoutCredentials } from "../traefik/url-credentials.ts";
import { catalogAddressForms, namesCatalog, parseCatalogAddress } from "./catalog-address.ts";
import type { OperatorConfigSettings } from "./operator-config.ts";

export type JudgedFile =
  | { readonly kind: "sound"; readonly config: DynamicConfig; readonly warnings: readonly Finding[] }
  | { readonly kind: "refused"; readonly problems: readonly FileProblem[] };

/**
 * Judges definitions in Traefik's file format as tags are judged: fields and values, objects that a file cannot hold, and
 * what Traefik would only log about. A router gets no default rule and no default service in a file, as in Traefik.
 * Ports are not judged: the operator may route to any.
 */
export function judgeFile(content: unknown, settings: OperatorConfigSettings): JudgedFile {
  const decoded = decodeFile(content, settings.version);
  if (decoded.kind === "refused") return decoded;
  const config = newConfig();
  const problems: FileProblem[] = [];
  const warnings: Finding[] = [];
  const parents = parentsIn(decoded.config);
  for (const section of SECTIONS) {
    for (const [name, written] of decoded.config[section]) {
      const object = withDefaults(section, written, settings);
      const path = `${section.replace("/", ".")}.${name}`;
      const isParent = section === "http/routers" && parents.has(name);
      problems.push(...whatIsMissing(section, object, isParent).map((problem) => ({ path, ...problem })));
      problems.push(...catalogProblems(section, object).map((problem) => ({ path, ...problem })));
      for (const finding of lintObject(section, name, withStandIns(section, object), settings)) {
        const { code, message, remedy } = finding;
        if (DIAGNOSTIC_CODES[code].severity === "error") problems.push({ path, message, remedy });
        else warnings.push(finding);
      }
      config[section].set(name, rewriteReferences(section, object));
    }
  }
  return problems.length > 0 ? { kind: "refused", problems } : { kind: "sound", config, warnings };
}

/** Services of the catalog that are named in place of an address, and misspelt, or where none is put in. */
function catalogProblems(section: Section, object: ConfigObject): readonly Omit<FileProblem, "path">[] {
  const misspelt = connectionsOf(section, object)
    .filter((one) => namesCatalog(one.text) && parseCatalogAddress(one) === undefined)
    .map((one) => ({
      message: `found ${JSON.stringify(withoutCredentials(one.text))} in ${one.path}; allowed is ${catalogAddressForms(one)}`,
      remedy: "name the service so, or write an address",
    }));
  const unread = [...textsBelow(object["plugin"], "plugin")]
    .filter(({ text }) => /^\s*catalog(\+[a-z0-9]*)?:\/\//i.test(text))
    .map(({ text, path }) => ({
      message: `found ${JSON.stringify(withoutCredentials(text))} in ${path}; what a plugin's setting means only the plugin knows, and no address is put in there`,
      remedy: "write an address, one that does not move",
    }));
  return [...misspelt, ...unread];
}

function* textsBelow(value: ConfigValue | undefined, path: string): Generator<{ text: string; path: string }> {
  if (typeof value === "string") yield { text: value, path };
  else if (Array.isArray(value)) for (const item of value) yield* textsBelow(item, path);
  else if (isConfigObject(value)) {
    for (const [field, below] of Object.entries(value)) yield* textsBelow(below, `${path}.${field}`);
  }
}

/** With addresses in place of services of the catalog, to be judged as those that will stand there. */
function withStandIns(section: Section, object: ConfigObject): ConfigObject {
  const of = new Map<string, string>();
  for (const one of connectionsOf(section, object)) {
    const address = namesCatalog(one.text) ? parseCatalogAddress(one) : undefined;
    if (address === undefined) continue;
    const { scheme, rest } = address;
    of.set(one.text, scheme === undefined ? "192.0.2.1:20000" : `${scheme}://192.0.2.1:20000${rest}`);
  }
  return of.size === 0 ? object : withTexts(object, (text) => of.get(text) ?? text);
}

function* missingFields(section: Section, object: ConfigObject, isParent: boolean): Generator<string> {
  if (!isRouterSection(section)) return;
  if ((object["rule"] ?? "") === "" && section !== "udp/routers") yield "rule";
  if ((object["service"] ?? "") === "" && !isParent) yield "service";
}

/** Of an object what no file may lack. */
export function whatIsMissing(
  section: Section,
  object: ConfigObject,
  isParent: boolean,
): readonly Omit<FileProblem, "path">[] {
  const empty = findEmptyObject(section, object);
  if (empty !== undefined) {
    return [
      {
        message: `found nothing${empty === "" ? "" : ` below ${empty}`}; traefik refuses a whole file for an empty object`,
        remedy: "give it a field, or remove it",
      },
    ];
  }
  return [...missingFields(section, object, isParent)].map((field) => ({
    message: `found no ${field}, and in files there is no default`,
    remedy: `add the ${field}`,
  }));
}

/** Routers that others name as parents only pass requests on. */
export function parentsIn(config: DynamicConfig): ReadonlySet<string> {
  const named = [...config["http/routers"].values()].flatMap((router) => router["parentRefs"] ?? []);
  return new Set(named.map((name) => String(name).replace(/@file$/, "")));
}
