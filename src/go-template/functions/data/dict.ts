import type { Budget } from "../../budget.ts";
import { TemplateFault } from "../../fault.ts";
import { shown } from "../../format/print.ts";
import { dict, type GoMap, type GoValue, isMap, list, sortedKeys, strings } from "../../value/value.ts";
import { ANY, DICT, fixed, type GoFunction, NIL_DICT, TEXT, variadic } from "../parameter.ts";

/**
 * sprig's functions on dictionaries. They do not take the labels, whose type is another. Go gives keys and values in
 * any order; here it is that of the keys, so that equal services get equal rules.
 */
export const DICT_FUNCTIONS: Readonly<Record<string, GoFunction>> = {
  dict: variadic([], ANY, (budget, values) => dict(pairsOf(values, budget))),
  get: fixed([DICT, TEXT], (_, map, key) => (map.entries.has(key) ? map.entries.get(key) : "")),
  set: fixed([DICT, TEXT, ANY], (budget, map, key, { value }) => {
    if (map === NIL_DICT) throw new TemplateFault("nothing can be put into nil");
    if (reaches(value, map, budget)) throw new TemplateFault("a dictionary cannot be put into itself");
    map.entries.set(key, value ?? null);
    return map;
  }),
  unset: fixed([DICT, TEXT], (_, map, key) => {
    map.entries.delete(key);
    return map;
  }),
  hasKey: fixed([DICT, TEXT], (_, map, key) => map.entries.has(key)),
  pluck: variadic([TEXT], DICT, (_, maps, key) =>
    list(maps.filter((map) => map.entries.has(key)).map((map) => map.entries.get(key))),
  ),
  keys: variadic([], DICT, (budget, maps) => {
    budget.spend(maps.reduce((sum, map) => sum + map.entries.size, 0));
    return strings(maps.flatMap(sortedKeys));
  }),
  values: fixed([DICT], (budget, map) => {
    budget.spend(map.entries.size);
    return list(sortedKeys(map).map((key) => map.entries.get(key)));
  }),
  pick: variadic([DICT], TEXT, (budget, keys, map) => filtered(map, (key) => keys.includes(key), budget)),
  omit: variadic([DICT], TEXT, (budget, keys, map) => filtered(map, (key) => !keys.includes(key), budget)),
  dig: variadic([TEXT, ANY], ANY, (_, others, first, second) =>
    dig([{ value: first }, second, ...others].map(({ value }) => value)),
  ),
};

function pairsOf(values: readonly { readonly value: GoValue }[], budget: Budget): [string, GoValue][] {
  const pairs: [string, GoValue][] = [];
  for (let at = 0; at < values.length; at += 2) {
    const value = values[at + 1];
    pairs.push([shown(values[at]?.value, budget), value === undefined ? "" : value.value]);
  }
  return pairs;
}

function filtered(map: GoMap, keeps: (key: string) => boolean, budget: Budget): GoMap {
  budget.spend(map.entries.size);
  return dict([...map.entries].filter(([key]) => keeps(key)));
}

/** A dictionary within itself would be printed for ever; Go runs out of memory. */
function reaches(value: GoValue, target: GoMap, budget: Budget): boolean {
  budget.spend(1);
  if (value === target) return true;
  if (typeof value !== "object" || value === null) return false;
  if (value.kind === "list") return value.items.some((item) => reaches(item, target, budget));
  return value.kind === "map" && [...value.entries.values()].some((item) => reaches(item, target, budget));
}

/** `dig "a" "b" fallback dictionary`: the value under `a`, then `b`; the fallback where a key is missing. */
function dig(values: readonly GoValue[]): GoValue {
  const fallback = values.at(-2);
  let value = values.at(-1);
  for (const key of values.slice(0, -2)) {
    if (!isMap(value) || value.element !== "interface {}" || typeof key !== "string") {
      throw new TemplateFault("dig takes keys, a fallback and a dictionary of dictionaries");
    }
    if (!value.entries.has(key)) return fallback;
    value = value.entries.get(key);
  }
  return value;
}
