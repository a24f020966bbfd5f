/** A whole number of Go's. Sprig's arithmetic gives `int64`, literals and `len` give `int`, a byte of a string is `uint8`. */
export interface GoInteger {
  readonly kind: "int" | "int64" | "uint8";
  readonly value: bigint;
}

export interface GoList {
  readonly kind: "list";
  readonly element: "string" | "int" | "interface {}" | "[]interface {}";
  readonly items: readonly GoValue[];
}

/** Sprig's `set` and `unset` change a map in place, as in Go. */
export interface GoMap {
  readonly kind: "map";
  readonly element: "string" | "interface {}";
  readonly entries: Map<string, GoValue>;
}

export interface GoStruct {
  readonly kind: "struct";
  readonly fields: ReadonlyMap<string, GoValue>;
}

/**
 * A value of a template, with as much of Go's types as templates can see. A string holds bytes (see bytes.ts), a number
 * is a `float64`, `null` an interface that holds nil, `undefined` no value at all (printed `<no value>`).
 */
export type GoValue = undefined | null | boolean | number | string | GoInteger | GoList | GoMap | GoStruct;

/** Go's kinds, as `kindOf` names them. */
export type GoKind = "invalid" | "bool" | "float64" | "string" | "slice" | "map" | "struct" | GoInteger["kind"];

/** The kind of a value, as Go's `reflect` names it; nil has the kind `invalid`. */
export function kindOf(value: GoValue): GoKind {
  if (value === undefined || value === null) return "invalid";
  if (typeof value === "boolean") return "bool";
  if (typeof value === "number") return "float64";
  if (typeof value === "string") return "string";
  return value.kind === "list" ? "slice" : value.kind;
}

/** The type of a value as Go's `%T` writes it; `<nil>` for nil. */
export function typeOf(value: GoValue): string {
  if (isList(value)) return `[]${value.element}`;
  if (isMap(value)) return `map[string]${value.element}`;
  if (isStruct(value)) {
    return `struct { ${[...value.fields].map(([name, field]) => `${name} ${typeOf(field)}`).join("; ")} }`;
  }
  const kind = kindOf(value);
  return kind === "invalid" ? "<nil>" : kind;
}

/** Go's truth: anything but nil, false, zero, and what has no length. A struct is always true. */
export function isTrue(value: GoValue): boolean {
  if (value === undefined || value === null) return false;
  if (typeof value !== "object") return typeof value === "number" ? value !== 0 : Boolean(value);
  if (isList(value)) return value.items.length > 0;
  if (isMap(value)) return value.entries.size > 0;
  return isInteger(value) ? value.value !== 0n : true;
}

export function isInteger(value: GoValue): value is GoInteger {
  return isObject(value) && (value.kind === "int" || value.kind === "int64" || value.kind === "uint8");
}

export function isList(value: GoValue): value is GoList {
  return isObject(value) && value.kind === "list";
}

export function isMap(value: GoValue): value is GoMap {
  return isObject(value) && value.kind === "map";
}

export function isStruct(value: GoValue): value is GoStruct {
  return isObject(value) && value.kind === "struct";
}

function isObject(value: GoValue): value is GoInteger | GoList | GoMap | GoStruct {
  return typeof value === "object" && value !== null;
}

/** An `int`, which has 64 bits and wraps around. */
export function int(value: number | bigint): GoInteger {
  return { kind: "int", value: BigInt.asIntN(64, BigInt(value)) };
}

/** An `int64`, which wraps around. */
export function int64(value: bigint): GoInteger {
  return { kind: "int64", value: BigInt.asIntN(64, value) };
}

/** A `[]interface {}`. What it holds is nil rather than nothing. */
export function list(items: Iterable<GoValue>): GoList {
  return { kind: "list", element: "interface {}", items: Array.from(items, (item) => item ?? null) };
}

/** A `[]string`. */
export function strings(items: readonly string[]): GoList {
  return { kind: "list", element: "string", items };
}

/** A `map[string]interface {}`. */
export function dict(entries: Iterable<readonly [string, GoValue]>): GoMap {
  const filled = new Map<string, GoValue>();
  for (const [key, value] of entries) filled.set(key, value ?? null);
  return { kind: "map", element: "interface {}", entries: filled };
}

/** A `map[string]string`. */
export function stringMap(entries: Iterable<readonly [string, string]>): GoMap {
  return { kind: "map", element: "string", entries: new Map(entries) };
}

/** A map's keys in the order in which Go visits them. */
export function sortedKeys(map: GoMap): string[] {
  return [...map.entries.keys()].sort(byBytes);
}

/** Bytewise order. */
export function byBytes(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
