import type { Budget } from "../budget.ts";
import { TemplateFault } from "../fault.ts";
import { print, printed, printLine } from "../format/print.ts";
import { printf } from "../format/printf.ts";
import { type GoValue, int, isInteger, isList, isMap, isTrue, kindOf, typeOf } from "../value/value.ts";
import { compare, equals } from "./data/compare.ts";
import { ANY, fixed, type GoFunction, TEXT, variadic } from "./parameter.ts";
import { escapeHtml, escapeJavaScript, escapeUrlQuery } from "./text/escape.ts";

/**
 * What Go's text/template brings itself. `slice` is not here: sprig's takes its place. `and` and `or` look at their
 * arguments one by one, so the evaluator has them; here is what they take.
 */
export const BUILTIN: Readonly<Record<string, GoFunction>> = {
  and: variadic([ANY], ANY, (_, __, first) => first.value),
  or: variadic([ANY], ANY, (_, __, first) => first.value),
  not: fixed([ANY], (_, { value }) => !isTrue(value)),
  len: fixed([ANY], (_, { value }) => lengthOf(value)),
  index: variadic([ANY], ANY, (_, indexes, item) =>
    indexes.reduce((at: GoValue, index) => indexOf(at, index.value), item.value),
  ),
  print: variadic([], ANY, (budget, values) => print(unwrap(values), budget)),
  println: variadic([], ANY, (budget, values) => printLine(unwrap(values), budget)),
  printf: variadic([TEXT], ANY, (budget, values, format) => printf(format, unwrap(values), budget)),
  html: variadic([], ANY, (budget, values) => escapeHtml(joined(unwrap(values), budget))),
  js: variadic([], ANY, (budget, values) => escapeJavaScript(joined(unwrap(values), budget))),
  urlquery: variadic([], ANY, (budget, values) => escapeUrlQuery(joined(unwrap(values), budget))),
  eq: variadic([ANY], ANY, (_, others, first) => isOneOf(first.value, unwrap(others))),
  ne: fixed([ANY, ANY], (_, a, b) => !equals(a.value, b.value)),
  lt: fixed([ANY, ANY], (_, a, b) => compare(a.value, b.value) === "less"),
  le: fixed([ANY, ANY], (_, a, b) => isAtMost(a.value, b.value)),
  // As in Go, which has these two as the opposites of the others: true where a number is none.
  gt: fixed([ANY, ANY], (_, a, b) => !isAtMost(a.value, b.value)),
  ge: fixed([ANY, ANY], (_, a, b) => compare(a.value, b.value) !== "less"),
};

function unwrap(values: readonly { readonly value: GoValue }[]): GoValue[] {
  return values.map(({ value }) => value);
}

function isAtMost(a: GoValue, b: GoValue): boolean {
  const order = compare(a, b);
  return order === "less" || order === "equal";
}

function isOneOf(value: GoValue, others: readonly GoValue[]): boolean {
  if (others.length === 0) throw new TemplateFault("nothing to compare with");
  return others.some((other) => equals(value, other));
}

/** As an action writes them, with blanks as `print` sets them. */
function joined(values: readonly GoValue[], budget: Budget): string {
  return print(
    values.map((value) => (value === undefined || value === null ? printed(value, budget) : value)),
    budget,
  );
}

function lengthOf(value: GoValue): GoValue {
  if (typeof value === "string") return int(value.length);
  if (isList(value)) return int(value.items.length);
  if (isMap(value)) return int(value.entries.size);
  throw new TemplateFault(`${typeOf(value)} has no length`);
}

/** One step of `index`: a byte of a string, an item of a list, the entry of a map or its zero. */
function indexOf(value: GoValue, index: GoValue): GoValue {
  if (isMap(value)) {
    if (typeof index !== "string") throw new TemplateFault(`found ${typeOf(index)} where the key is a string`);
    return value.entries.has(index) ? value.entries.get(index) : value.element === "string" ? "" : null;
  }
  const isText = typeof value === "string";
  if (!isText && !isList(value)) throw new TemplateFault(`${typeOf(value)} cannot be indexed`);
  if (!isInteger(index)) throw new TemplateFault(`found ${typeOf(index)} where the index is a whole number`);
  const length = isText ? value.length : value.items.length;
  const at = Number(index.value);
  if (at < 0 || at >= length)
    throw new TemplateFault(`index ${at} is out of range: the ${kindOf(value)} has ${length}`);
  return isText ? { kind: "uint8", value: BigInt(value.charCodeAt(at)) } : value.items[at];
}
