import { CORE_SCHEMA, mergeTag } from "js-yaml";
import { parse as parseToml, TomlError } from "smol-toml";
import { parseYaml } from "../base/yaml-text.ts";
import type { DynamicConfig, ResourceKey } from "../core/traefik/chart/dynamic-config.ts";
import { parseChart } from "../core/traefik/chart/parse-chart.ts";
import { CHART_HEADER } from "../core/traefik/chart/render.ts";
import type { FileProblem } from "../core/traefik/decode/file-problem.ts";
import { traefikRefusal } from "../core/traefik/decode/traefik-refusal.ts";
import { namedIn } from "./named-in.ts";
import { isTemplate, isUnknownPart, withoutActions } from "./template.ts";

/** What a file says, by its text alone. */
export type ParsedNeighbour =
  | { readonly kind: "operator"; readonly names: readonly ResourceKey[]; readonly isTemplate: boolean }
  | { readonly kind: "peer"; readonly chart: DynamicConfig }
  | { readonly kind: "refused"; readonly problem: FileProblem; readonly names: readonly ResourceKey[] }
  /** Portolan cannot read it, and Traefik may. */
  | { readonly kind: "unread"; readonly reason: string };

/**
 * Reads the names in a file of Traefik's; values are looked at and not kept. A template is not executed: what it would make is
 * unknown, and so is whether Traefik accepts that.
 *
 * @param format by the ending of the file's name
 */
export function parseNeighbour(text: string, format: "yaml" | "toml"): ParsedNeighbour {
  const chart = text.startsWith(CHART_HEADER) ? parseChart(text) : undefined;
  if (chart !== undefined) return { kind: "peer", chart };
  if (isTemplate(text)) {
    const parsed = PARSERS[format](withoutActions(text));
    const names = "content" in parsed ? namedIn(parsed.content).filter((name) => !isUnknownPart(name)) : [];
    return { kind: "operator", names, isTemplate: true };
  }
  const parsed = PARSERS[format](text);
  if ("unread" in parsed) return { kind: "unread", reason: parsed.unread };
  if ("problem" in parsed) return { kind: "refused", problem: parsed.problem, names: [] };
  const names = namedIn(parsed.content);
  const problem = traefikRefusal(parsed.content);
  return problem === undefined ? { kind: "operator", names, isTemplate: false } : { kind: "refused", problem, names };
}

/** A text of Traefik's as plain values, or why there are none. */
export function parseTraefikText(text: string, format: "yaml" | "toml"): Parsed {
  return PARSERS[format](text);
}

export type Parsed = { readonly content: unknown } | { readonly problem: FileProblem } | { readonly unread: string };

const PARSERS: Readonly<Record<"yaml" | "toml", (text: string) => Parsed>> = { yaml, toml };

/** Anchors may be merged into mappings, as Traefik's YAML parser allows. */
const SCHEMA = CORE_SCHEMA.withTags(mergeTag);

function yaml(text: string): Parsed {
  const parsed = parseYaml(firstDocument(text), { schema: SCHEMA });
  if (parsed.kind === "parsed") return { content: parsed.documents[0] };
  // Traefik's parser passes over tags that it does not know, and limits aliases otherwise.
  if (/tag !|aliases/.test(parsed.fault)) return { unread: `YAML${parsed.fault}` };
  return { problem: { path: "", message: `found invalid YAML${parsed.fault}`, remedy: "correct it there" } };
}

/** Traefik reads the first document of a file and no other. */
function firstDocument(text: string): string {
  const lines = text.split("\n");
  let isBegun = false;
  for (const [position, line] of lines.entries()) {
    const isMarker = /^---(?:\s|$)/.test(line);
    if (isBegun && (isMarker || /^\.\.\.(?:\s|$)/.test(line))) return lines.slice(0, position).join("\n");
    isBegun ||= isMarker || !/^\s*(?:#.*)?$|^%/.test(line);
  }
  return text;
}

/** The fault names the place and never quotes the text, which may hold secrets. */
function toml(text: string): Parsed {
  try {
    return { content: parseToml(text, { integersAsBigInt: "asNeeded" }) };
  } catch (error) {
    const place = error instanceof TomlError ? ` at line ${error.line}, column ${error.column}` : "";
    return { problem: { path: "", message: `found invalid TOML${place}`, remedy: "correct it there" } };
  }
}
