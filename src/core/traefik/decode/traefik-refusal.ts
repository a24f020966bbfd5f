import { isMapping } from "../../../base/mapping.ts";
import { foldCase } from "../../../go/fold-case.ts";
import type { DynamicConfig } from "../chart/dynamic-config.ts";
import { kindOf, protocolOf, SECTIONS } from "../vocabulary/section.ts";
import { TRAEFIK_VERSIONS } from "../vocabulary/traefik-version.ts";
import { decodeFile } from "./decode-file.ts";
import { findEmptyObject } from "./empty-object.ts";
import type { FileProblem } from "./file-problem.ts";

/**
 * Why Traefik refuses a file of this content, and with it the whole directory that its file provider reads; undefined where
 * it loads, or where that is not certain. A field counts as unknown where no known version has it. No value is quoted.
 */
export function traefikRefusal(content: unknown): FileProblem | undefined {
  if (content === null || content === undefined) return undefined;
  if (!isMapping(content)) {
    return { path: "", message: "found no mapping", remedy: "begin with http, tcp, udp or tls" };
  }
  const empty = emptySection(content);
  if (empty !== undefined) return empty;
  const newest = TRAEFIK_VERSIONS.at(-1) ?? "3.6";
  const decoded = decodeFile(content, newest, false);
  if (decoded.kind === "decoded") return emptyObject(decoded.config);
  return decoded.problems.find(({ isOnlyOurs }) => isOnlyOurs !== true);
}

/** Null is nothing, as if the key were not there. */
function emptySection(content: Readonly<Record<string, unknown>>): FileProblem | undefined {
  for (const [protocol, kinds] of Object.entries(content)) {
    if (kinds === null || !PROTOCOLS.has(foldCase(protocol))) continue;
    if (isEmpty(kinds)) return standsAlone(protocol);
    if (!isMapping(kinds)) continue;
    for (const [kind, entries] of Object.entries(kinds)) {
      if (entries !== null && foldCase(kind) !== "certificates" && isEmpty(entries)) {
        return standsAlone(`${protocol}.${kind}`);
      }
    }
  }
  return undefined;
}

/** Of a list that stands where a mapping belongs it is not certain what Traefik makes. */
function isEmpty(value: unknown): boolean {
  if (Array.isArray(value)) return value.length === 0;
  return !isMapping(value) || Object.values(value).every((child) => child === null);
}

const PROTOCOLS: ReadonlySet<string> = new Set(SECTIONS.map((section) => foldCase(protocolOf(section))));

/** Traefik takes an entry of a section, an item of a list and a plugin without any field. */
function emptyObject(config: DynamicConfig): FileProblem | undefined {
  for (const section of SECTIONS) {
    for (const [name, object] of config[section]) {
      if (Object.keys(object).length === 0) continue;
      const empty = findEmptyObject(section, object);
      const isTaken = empty === undefined || /^plugin\.|^loadBalancer\.servers$/.test(empty);
      if (!isTaken) return standsAlone([protocolOf(section), kindOf(section), name, empty].join("."));
    }
  }
  return undefined;
}

function standsAlone(path: string): FileProblem {
  return { path, message: "found nothing below it", remedy: "give it a field, or remove it" };
}
