import { Budget } from "./budget.ts";
import { checkTemplate } from "./check.ts";
import { describeFault, TemplateFault } from "./fault.ts";
import { type FindFunction, functionsWith, type TextFunction } from "./functions/registry.ts";
import { renderTemplates } from "./render.ts";
import type { TemplateSet } from "./syntax/ast.ts";
import { parseTemplate } from "./syntax/parser.ts";
import { bytesOf, textOf } from "./value/bytes.ts";
import { type GoStruct, type GoValue, int, stringMap, strings } from "./value/value.ts";

/** What a template is rendered with: each key is a field of `.`, in this order. Numbers are whole. */
export type TemplateData = Readonly<Record<string, TemplateValue>>;
export type TemplateValue = string | number | readonly string[] | ReadonlyMap<string, string>;

export type Rendering =
  | { readonly kind: "rendered"; readonly text: string }
  | { readonly kind: "failed"; readonly message: string };

export type CompiledTemplate =
  | { readonly kind: "compiled"; readonly render: (data: TemplateData) => Rendering }
  | { readonly kind: "refused"; readonly message: string };

/**
 * Compiles a template of Go's text/template with sprig's functions, for data with these fields. What can be known to
 * fail is refused here; the rest fails for the data that it fails for. Nothing is thrown, and each rendering is limited
 * in time and size.
 *
 * @param added functions that the program which runs the template adds to Go's and sprig's, by name
 */
export function compileTemplate(
  template: string,
  fields: readonly string[],
  added: Readonly<Record<string, TextFunction>> = {},
): CompiledTemplate {
  const source = template.toWellFormed();
  try {
    const templates = parseTemplate(source);
    const findFunction = functionsWith(added);
    checkTemplate(templates, fields, findFunction);
    return { kind: "compiled", render: (data) => render({ source, templates, findFunction }, data) };
  } catch (error) {
    return { kind: "refused", message: messageOf(error, source) };
  }
}

interface CheckedTemplate {
  readonly source: string;
  readonly templates: TemplateSet;
  readonly findFunction: FindFunction;
}

function render({ source, templates, findFunction }: CheckedTemplate, data: TemplateData): Rendering {
  try {
    const text = textOf(renderTemplates(templates, findFunction, structOf(data), new Budget()));
    if (text.isWellFormed()) return { kind: "rendered", text };
    return { kind: "failed", message: "the template cuts a character in two: trunc, substr and the like count bytes" };
  } catch (error) {
    return { kind: "failed", message: messageOf(error, source) };
  }
}

/** Anything but a fault is a defect of ours; it must not cost the other services their routes. */
function messageOf(error: unknown, template: string): string {
  if (error instanceof TemplateFault) return describeFault(error, template);
  return `a defect in the template functions: ${error instanceof Error ? error.message : String(error)}`;
}

function structOf(data: TemplateData): GoStruct {
  return { kind: "struct", fields: new Map(Object.entries(data).map(([name, value]) => [name, goValueOf(value)])) };
}

function goValueOf(value: TemplateValue): GoValue {
  if (typeof value === "string") return bytesOf(value);
  if (typeof value === "number") return int(value);
  if (isStrings(value)) return strings(value.map(bytesOf));
  return stringMap(Array.from(value, ([key, entry]): [string, string] => [bytesOf(key), bytesOf(entry)]));
}

function isStrings(value: readonly string[] | ReadonlyMap<string, string>): value is readonly string[] {
  return Array.isArray(value);
}
