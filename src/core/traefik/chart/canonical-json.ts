import { type ConfigValue, isConfigObject } from "./dynamic-config.ts";

/**
 * The value as JSON text with sorted keys and no blanks: equal meaning, equal text. Keys are sorted by code unit, never
 * by locale. Lone surrogates become U+FFFD, since JSON would write them as escapes that Traefik's parser refuses.
 */
export function canonicalJson(value: ConfigValue): string {
  if (typeof value === "string") return JSON.stringify(value.toWellFormed());
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  if (!isConfigObject(value)) return `[${value.map(canonicalJson).join(",")}]`;
  const fields: string[] = [];
  for (const [name, field] of Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))) {
    fields.push(`${JSON.stringify(name.toWellFormed())}:${canonicalJson(field)}`);
  }
  return `{${fields.join(",")}}`;
}
