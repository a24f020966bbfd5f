import { CORE_SCHEMA, mergeTag } from "js-yaml";
import { parseYaml } from "../base/yaml-text.ts";
import type { FileProblem } from "../core/traefik/decode/file-problem.ts";

export type ParsedSnippet = { readonly content: unknown } | { readonly problem: FileProblem };

/** Anchors may be merged into mappings, as Traefik's YAML parser allows. */
const SCHEMA = CORE_SCHEMA.withTags(mergeTag);

/** A snippet's text as plain values. The problem names line and column, never the text: it may hold password hashes. */
export function parseSnippet(text: string): ParsedSnippet {
  const parsed = parseYaml(text, { schema: SCHEMA });
  if (parsed.kind === "refused") {
    return { problem: { path: "", message: `found invalid YAML${parsed.fault}`, remedy: "correct it there" } };
  }
  const { documents } = parsed;
  if (documents.length < 2) return { content: documents[0] ?? {} };
  const message = `found ${documents.length} YAML documents, of which traefik reads the first only`;
  return { problem: { path: "", message, remedy: "put each into a file of its own" } };
}
