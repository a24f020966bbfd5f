import { CORE_SCHEMA, loadAll, mergeTag, YAMLException } from "js-yaml";
import type { FileProblem } from "../core/traefik/file-problem.ts";

export type ParsedSnippet = { readonly content: unknown } | { readonly problem: FileProblem };

/** Anchors may be merged into mappings, as Traefik's YAML parser allows. */
const SCHEMA = CORE_SCHEMA.withTags(mergeTag);

/** A snippet's text as plain values. The problem names line and column, never the text: it may hold password hashes. */
export function parseSnippet(text: string): ParsedSnippet {
  try {
    const documents = loadAll(text, { schema: SCHEMA });
    if (documents.length < 2) return { content: documents[0] ?? {} };
    const message = `found ${documents.length} YAML documents, of which traefik reads the first only`;
    return { problem: { path: "", message, remedy: "put each into a file of its own" } };
  } catch (error) {
    return { problem: { path: "", message: `found invalid YAML${placeOf(error)}`, remedy: "correct it there" } };
  }
}

function placeOf(error: unknown): string {
  if (!(error instanceof YAMLException)) return "";
  const reason = error.reason.replace(/["<].*$/s, "…");
  return error.mark === null || error.mark === undefined
    ? `: ${reason}`
    : ` at line ${error.mark.line + 1}, column ${error.mark.column + 1}: ${reason}`;
}
