import { type ConfigObject, type ConfigValue, type HttpSection, isConfigObject } from "./dynamic-config.ts";
import { entryField } from "./schema/entry-field.ts";
import type { Field } from "./schema/schema.ts";

/**
 * The path of the first object without any field, empty for the definition itself; undefined where there is none. In a
 * file Traefik refuses it ("cannot be a standalone element"), and the whole file with it, unless the schema says that it
 * may be empty. Tags come to it by an empty list (`stripprefix.prefixes=`) or by fields that Traefik ignores.
 */
export function findEmptyObject(section: HttpSection, object: ConfigObject): string | undefined {
  return findIn(entryField(section), object, []);
}

function findIn(field: Field, value: ConfigValue, path: readonly string[]): string | undefined {
  const entry = "entry" in field ? field.entry : undefined;
  if (Array.isArray(value)) return entry && firstOf(value, (item) => findIn(entry, item, path));
  if (!isConfigObject(value)) return undefined;
  const fields = Object.entries(value);
  if (fields.length === 0 && field.emptyOk !== true) return path.join(".");
  return firstOf(fields, ([name, child]) => {
    const childField = "fields" in field ? field.fields[name] : entry;
    return childField && findIn(childField, child, [...path, name]);
  });
}

function firstOf<T>(items: readonly T[], find: (item: T) => string | undefined): string | undefined {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
}
