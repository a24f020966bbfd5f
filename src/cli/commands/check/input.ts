import { readInput } from "../../../base/input-file.ts";
import { STANDARD_INPUT } from "../../../base/input-title.ts";
import { parseYaml } from "../../../base/yaml-text.ts";
import { usageError } from "../../command-line/command-line.ts";
import { lineFinder } from "./line-finder.ts";
import type { Problem } from "./report.ts";

/** A text, or why there is none. */
export type Input<T = string> =
  | { readonly kind: "read"; readonly value: T }
  | { readonly kind: "refused"; readonly problem: Problem };

/** The one file that a check is given. Throws AppError (exit code 64) for none, and for several. */
export function oneFile(command: string, [file, ...others]: readonly string[], example: string): string {
  if (file !== undefined && others.length === 0) return file;
  throw usageError(`${command}: name one file, for example ${example}, or ${STANDARD_INPUT} for standard input`);
}

export async function readText(file: string, mostBytes?: number): Promise<Input> {
  const read = await readInput(file, mostBytes === undefined ? {} : { mostBytes });
  if (read.kind === "read") return { kind: "read", value: read.text };
  const remedy = `name a regular file that you may read; a pipe is read as ${STANDARD_INPUT} < PIPE`;
  return refused("FILE_UNREADABLE", `cannot be read (${read.reason})`, remedy);
}

/** What a YAML file says. */
export interface YamlDocument {
  readonly text: string;
  /** Its first document; `{}` where it has none. */
  readonly content: unknown;
}

export async function readYamlDocument(file: string): Promise<Input<YamlDocument>> {
  const read = await readText(file);
  if (read.kind === "refused") return read;
  const parsed = parseYaml(read.value);
  if (parsed.kind === "refused") return refused("YAML_INVALID", `not valid YAML${parsed.fault}`, "correct it there");
  return { kind: "read", value: { text: read.value, content: parsed.documents[0] ?? {} } };
}

export function refused(code: string, message: string, remedy: string): Extract<Input, { kind: "refused" }> {
  return { kind: "refused", problem: { code, severity: "error", place: "", message, remedy } };
}

/** Problems of a file of the operator's from texts that begin with their place: `rules.0.hosts: found …; allowed …`. */
export function problemsOf(code: string, errors: readonly string[], text = ""): readonly Problem[] {
  const lineOf = lineFinder(text);
  return errors.map((error) => {
    const place = /^[^\s:]+(?=: )/.exec(error)?.[0] ?? "";
    const message = place === "" ? error : error.slice(place.length + 2);
    const line = lineOf(place.split("."));
    return { code, severity: "error", place, ...(line === undefined ? {} : { line }), message, remedy: "" };
  });
}
