import { parse } from "yaml";
import { printsPolicy } from "./printed-policy.ts";

/** What an operator has written so far: the settings' `ports` and the policy, each as in its file. */
export interface OperatorFiles {
  readonly settings: Readonly<Record<string, unknown>>;
  readonly policy: { readonly rules: readonly unknown[] };
}

/** A line that a remedy prints, and where it belongs. */
interface PrintedLine {
  readonly file: "settings" | "policy";
  readonly content: unknown;
}

/** The lines of settings and policy that a remedy prints, parsed as they stand there. They end its text. */
export function linesOf(remedy: string): readonly PrintedLine[] {
  const [, settings] = /the settings: (?=[a-zA-Z]+: )(.*)$/s.exec(remedy) ?? [];
  if (settings !== undefined) return [{ file: "settings", content: parse(settings) }];
  if (!printsPolicy(remedy)) return [];
  const text = remedy.replace(/^.*?( with the content: | before the other rules of the policy: )/s, "");
  return [{ file: "policy", content: parse(text.split(/ and (?=- \{)/).join("\n")) }];
}

/** The files after the lines of these remedies have been copied into them. */
export function withPrinted(files: OperatorFiles, remedies: Iterable<string>): OperatorFiles {
  let { settings, policy } = files;
  for (const { file, content } of [...remedies].flatMap(linesOf)) {
    if (file === "settings") settings = merged(settings, content as Readonly<Record<string, unknown>>);
    else policy = { ...policy, rules: union(rulesOf(content), policy.rules) };
  }
  return { settings, policy };
}

function rulesOf(content: unknown): readonly unknown[] {
  return Array.isArray(content) ? content : (content as OperatorFiles["policy"]).rules;
}

/** Sections are merged, lists joined. */
function merged(
  one: Readonly<Record<string, unknown>>,
  other: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const result: Record<string, unknown> = { ...one };
  for (const [key, value] of Object.entries(other)) {
    const known = result[key];
    if (Array.isArray(known) && Array.isArray(value)) result[key] = union(known, value);
    else if (isSection(known) && isSection(value)) result[key] = merged(known, value);
    else result[key] = value;
  }
  return result;
}

function isSection(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function union(list: readonly unknown[], more: readonly unknown[]): readonly unknown[] {
  const known = new Set(list.map((one) => JSON.stringify(one)));
  return [...list, ...more.filter((one) => !known.has(JSON.stringify(one)))];
}
