import type { StaticOption, StaticValue } from "./static-config.ts";

/** A section of the static configuration, in which options are found as Traefik finds them: whatever their case is. */
export interface StaticSection {
  /** Where it stands, as it is written: `providers.consulCatalog`. */
  readonly path: string;
  /** By the path below it, in lower case. */
  readonly options: ReadonlyMap<string, StaticOption>;
}

/**
 * The options below a path, in lower case; undefined where nothing names it.
 *
 * @param path `providers.consulcatalog`
 */
export function sectionAt(options: readonly StaticOption[], path: string): StaticSection | undefined {
  const depth = path.split(".").length;
  const own = options.filter((option) => keyOf(option.path.slice(0, depth)) === path);
  const [first] = own;
  if (first === undefined) return undefined;
  return {
    path: first.path.slice(0, depth).join("."),
    options: new Map(own.flatMap((one) => (one.path.length === depth ? [] : [[keyOf(one.path.slice(depth)), one]]))),
  };
}

/** The names one below a path, as they are written: of entry points or providers. */
export function namesBelow(options: readonly StaticOption[], path: string): readonly string[] {
  const depth = path.split(".").length;
  const names = options.flatMap((option) =>
    keyOf(option.path.slice(0, depth)) === path && option.path.length > depth ? [option.path[depth] ?? ""] : [],
  );
  return [...new Set(names)];
}

/** A value as one text, or a list as Traefik reads it from one: parted at commas. */
export function textOf(value: StaticValue): string {
  return Array.isArray(value) ? value.join(",") : String(value);
}

export function listOf(value: StaticValue): readonly string[] {
  const parts = Array.isArray(value) ? value.map(String) : String(value).split(",");
  return parts.map((part) => part.trim()).filter((part) => part !== "");
}

/** As Go reads a boolean; undefined for anything else. */
export function booleanOf(value: StaticValue): boolean | undefined {
  const text = textOf(value);
  if (/^(?:1|t|true)$/i.test(text)) return true;
  return /^(?:0|f|false)$/i.test(text) ? false : undefined;
}

function keyOf(path: readonly string[]): string {
  return path.join(".").toLowerCase();
}
