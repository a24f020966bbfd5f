import type { Budget } from "../../budget.ts";
import { TemplateFault } from "../../fault.ts";
import { shown } from "../../format/print.ts";
import { byBytes, type GoList, type GoValue, isList, isTrue, list, strings, typeOf } from "../../value/value.ts";
import { ANY, fixed, type GoFunction, INT, TEXT, variadic } from "../parameter.ts";
import { deepEquals } from "./compare.ts";
import { toInteger } from "./convert.ts";

const makeList = variadic([], ANY, (_, values) => list(values.map(({ value }) => value)));
const append = fixed([ANY, ANY], (budget, items, item) => list([...itemsOf(items.value, budget), item.value]));
const prepend = fixed([ANY, ANY], (budget, items, item) => list([item.value, ...itemsOf(items.value, budget)]));

/** sprig's functions on lists. None changes a list: each makes a new one. */
export const LIST_FUNCTIONS: Readonly<Record<string, GoFunction>> = {
  list: makeList,
  tuple: makeList,
  append,
  push: append,
  prepend,
  first: fixed([ANY], (budget, items) => itemsOf(items.value, budget).at(0) ?? null),
  last: fixed([ANY], (budget, items) => itemsOf(items.value, budget).at(-1) ?? null),
  rest: fixed([ANY], (budget, items) => list(itemsOf(items.value, budget).slice(1))),
  initial: fixed([ANY], (budget, items) => list(itemsOf(items.value, budget).slice(0, -1))),
  reverse: fixed([ANY], (budget, items) => list(itemsOf(items.value, budget).toReversed())),
  compact: fixed([ANY], (budget, items) => list(itemsOf(items.value, budget).filter(isTrue))),
  uniq: fixed([ANY], (budget, items) => list(uniqueOf(itemsOf(items.value, budget), budget))),
  without: variadic([ANY], ANY, (budget, omitted, items) => {
    const unwanted = omitted.map(({ value }) => value);
    return list(itemsOf(items.value, budget).filter((item) => !holds(unwanted, item, budget)));
  }),
  has: fixed([ANY, ANY], (budget, item, items) => {
    if (items.value === undefined || items.value === null) return false;
    return holds(itemsOf(items.value, budget), item.value, budget);
  }),
  concat: variadic([], ANY, (budget, lists) => list(lists.flatMap(({ value }) => itemsOf(value, budget)))),
  slice: variadic([ANY], ANY, (budget, indexes, items) => sliceOf(items.value, indexes, budget)),
  chunk: fixed([INT, ANY], (budget, size, items) => chunksOf(itemsOf(items.value, budget), size)),
  sortAlpha: fixed([ANY], (budget, { value }) =>
    strings(isList(value) ? textsOf(value, budget).sort(byBytes) : [shown(value, budget)]),
  ),
  toStrings: fixed([ANY], (budget, { value }) => strings(textsOf(value, budget))),
  join: fixed([TEXT, ANY], (budget, separator, { value }) => joinTexts(textsOf(value, budget), separator, budget)),
  all: variadic([], ANY, (_, values) => values.every(({ value }) => isTrue(value))),
  any: variadic([], ANY, (_, values) => values.some(({ value }) => isTrue(value))),
  coalesce: variadic([], ANY, (_, values) => values.find(({ value }) => isTrue(value))?.value ?? null),
  default: variadic([ANY], ANY, (_, [given], fallback) => (isTrue(given?.value) ? given?.value : fallback.value)),
  empty: fixed([ANY], (_, { value }) => !isTrue(value)),
};

function itemsOf(value: GoValue, budget: Budget): readonly GoValue[] {
  if (!isList(value)) throw new TemplateFault(`found ${typeOf(value)} where a list is expected`);
  budget.spend(value.items.length);
  return value.items;
}

function holds(items: readonly GoValue[], wanted: GoValue, budget: Budget): boolean {
  return items.some((item) => deepEquals(item, wanted, () => budget.spend(1)));
}

function uniqueOf(items: readonly GoValue[], budget: Budget): GoValue[] {
  const unique: GoValue[] = [];
  for (const item of items) if (!holds(unique, item, budget)) unique.push(item);
  return unique;
}

/** sprig's `slice`, which is for lists only and takes the place of Go's. */
function sliceOf(value: GoValue, indexes: readonly { readonly value: GoValue }[], budget: Budget): GoValue {
  const items = itemsOf(value, budget);
  if (items.length === 0 || !isList(value)) return null;
  const [from, to] = indexes;
  const start = from === undefined ? 0 : Number(toInteger(from.value));
  const end = to === undefined ? items.length : Number(toInteger(to.value));
  if (start < 0 || end < start || end > items.length) {
    throw new TemplateFault(`items ${start} to ${end} are out of range: the list has ${items.length}`);
  }
  return { ...value, items: items.slice(start, end) };
}

function chunksOf(items: readonly GoValue[], size: number): GoList {
  if (size <= 0) throw new TemplateFault(`the size ${size} is not positive`);
  const chunks: GoValue[] = [];
  for (let at = 0; at < items.length; at += size) chunks.push(list(items.slice(at, at + size)));
  return { kind: "list", element: "[]interface {}", items: chunks };
}

/** sprig's `toStrings`: a list's items without nil, anything else as a list of one. */
function textsOf(value: GoValue, budget: Budget): string[] {
  if (value === undefined || value === null) return [];
  const items = isList(value) ? itemsOf(value, budget) : [value];
  return items.filter((item) => item !== undefined && item !== null).map((item) => shown(item, budget));
}

function joinTexts(texts: readonly string[], separator: string, budget: Budget): string {
  budget.spendBytes(texts.reduce((length, text) => length + text.length + separator.length, 0));
  return texts.join(separator);
}
