import { TemplateFault } from "../../fault.ts";
import { type GoKind, type GoValue, isInteger, kindOf, typeOf } from "../../value/value.ts";

/** Kinds between which Go compares: whole numbers of all sizes are one. */
function basicKind(value: GoValue): GoKind {
  return isInteger(value) ? "int" : kindOf(value);
}

/** Go's `eq` for two values. Nil equals nil and nothing else; values of different kinds are an error, lists and maps too. */
export function equals(a: GoValue, b: GoValue): boolean {
  const kinds = [basicKind(a), basicKind(b)];
  if (kinds.includes("invalid")) return kinds[0] === kinds[1];
  if (kinds[0] !== kinds[1]) throw new TemplateFault(`${typeOf(a)} cannot be compared with ${typeOf(b)}`);
  if (isInteger(a) && isInteger(b)) return a.value === b.value;
  if (typeof a === "object") throw new TemplateFault(`${typeOf(a)} cannot be compared`);
  return a === b;
}

/** Go's order: of numbers of the same kind, and of strings by their bytes. `none` where a number is none. */
export function compare(a: GoValue, b: GoValue): "less" | "equal" | "more" | "none" {
  for (const value of [a, b]) {
    if (kindOf(value) === "invalid" || typeof value === "boolean" || (typeof value === "object" && !isInteger(value)))
      throw new TemplateFault(`${typeOf(value)} has no order`);
  }
  if (basicKind(a) !== basicKind(b)) throw new TemplateFault(`${typeOf(a)} cannot be compared with ${typeOf(b)}`);
  if (isInteger(a) && isInteger(b)) return order(a.value, b.value);
  if (typeof a === "number" && typeof b === "number") return order(a, b);
  return typeof a === "string" && typeof b === "string" ? order(a, b) : "none";
}

function order<T extends bigint | number | string>(a: T, b: T): "less" | "equal" | "more" | "none" {
  return a < b ? "less" : a === b ? "equal" : a > b ? "more" : "none";
}

/** Go's `reflect.DeepEqual`, for lists of sprig's: the same type and the same content. */
export function deepEquals(a: GoValue, b: GoValue, spend: () => void): boolean {
  spend();
  if (typeOf(a) !== typeOf(b)) return false;
  if (isInteger(a) && isInteger(b)) return a.value === b.value;
  if (typeof a !== "object" || a === null || typeof b !== "object" || b === null) return (a ?? null) === (b ?? null);
  if (a.kind === "list" && b.kind === "list") {
    return a.items.length === b.items.length && a.items.every((item, at) => deepEquals(item, b.items[at], spend));
  }
  if (a.kind === "map" && b.kind === "map") {
    if (a.entries.size !== b.entries.size) return false;
    return [...a.entries].every(([key, item]) => b.entries.has(key) && deepEquals(item, b.entries.get(key), spend));
  }
  return a === b;
}
