import { DIAGNOSTIC_CODES } from "../diagnostics/diagnostics.ts";
import type { Finding } from "../diagnostics/finding.ts";
import {
  type ConfigObject,
  type DynamicConfig,
  isRouterSection,
  newConfig,
  SECTIONS,
  type Section,
} from "../traefik/chart/dynamic-config.ts";
import { rewriteReferences } from "../traefik/chart/references.ts";
import { decodeFile } from "../traefik/decode/decode-file.ts";
import { findEmptyObject } from "../traefik/decode/empty-object.ts";
import type { FileProblem } from "../traefik/decode/file-problem.ts";
import { lintObject } from "../traefik/lint/lint.ts";
import { withDefaults } from "../traefik/rule/stated-defaults.ts";
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
      for (const finding of lintObject(section, name, object, settings)) {
        const { code, message, remedy } = finding;
        if (DIAGNOSTIC_CODES[code].severity === "error") problems.push({ path, message, remedy });
        else warnings.push(finding);
      }
      config[section].set(name, rewriteReferences(section, object));
    }
  }
  return problems.length > 0 ? { kind: "refused", problems } : { kind: "sound", config, warnings };
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
