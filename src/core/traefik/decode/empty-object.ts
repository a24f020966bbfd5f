import { entryField } from "../schema/entry-field.ts";
import type { Field, ObjectField } from "../schema/schema.ts";
import { zeroOf } from "../schema/zero.ts";
import { type ConfigObject, type ConfigValue, configObject, isConfigObject } from "../vocabulary/config-value.ts";
import type { Section } from "../vocabulary/section.ts";

/**
 * The path of the first object without any field, empty for the definition itself; undefined where there is none. In a
 * file Traefik refuses it ("cannot be a standalone element"), and the whole file with it, unless the schema says that it
 * may be empty. Tags come to it by an empty list (`stripprefix.prefixes=`) or by fields that Traefik ignores.
 */
export function findEmptyObject(section: Section, object: ConfigObject): string | undefined {
  return findIn(entryField(section), object, "");
}

/**
 * The object with a harmless field in each object that a file could not hold without one: a field with the value that
 * Traefik would give it anyway.
 */
export function fillEmptyObjects(section: Section, object: ConfigObject): ConfigObject {
  // An entry may be empty as a whole: a router of defaults, or a middleware that fails by itself.
  if (Object.keys(object).length === 0) return object;
  const filled = fillIn(entryField(section), object);
  return isConfigObject(filled) ? filled : object;
}

function fillIn(field: Field, value: ConfigValue): ConfigValue {
  const entry = "entry" in field ? field.entry : undefined;
  if (Array.isArray(value)) return entry === undefined ? value : value.map((item) => fillIn(entry, item));
  if (!isConfigObject(value)) return value;
  const fields = Object.entries(value);
  if (fields.length === 0 && field.emptyOk !== true && "fields" in field) return neutral(field);
  return configObject(
    fields.map(([name, child]) => {
      const childField = "fields" in field ? field.fields[name] : entry;
      return [name, childField === undefined ? child : fillIn(childField, child)];
    }),
  );
}

function neutral(field: ObjectField): ConfigObject {
  for (const [name, child] of Object.entries(field.fields)) {
    if (child.labelOnly === true || child.internal === true || child.hidden === true) continue;
    const value = child.default ?? zeroOf(child);
    if (value !== undefined) return configObject([[name, value]]);
  }
  for (const [name, child] of Object.entries(field.fields)) {
    if (child.kind === "list") return configObject([[name, []]]);
    if ("fields" in child && child.internal !== true) return configObject([[name, neutral(child)]]);
  }
  return configObject();
}

/** The path of the first one; every registration comes by here, so nothing is made that is not needed. */
function findIn(field: Field, value: ConfigValue, path: string): string | undefined {
  const entry = "entry" in field ? field.entry : undefined;
  if (Array.isArray(value)) {
    if (entry === undefined || !("fields" in entry)) return undefined;
    for (const item of value) {
      const found = findIn(entry, item, path);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  if (!isConfigObject(value)) return undefined;
  let isEmpty = true;
  for (const name in value) {
    isEmpty = false;
    const below = value[name];
    const child = "fields" in field ? field.fields[name] : entry;
    if (child === undefined || typeof below !== "object") continue;
    const found = findIn(child, below, path === "" ? name : `${path}.${name}`);
    if (found !== undefined) return found;
  }
  return isEmpty && field.emptyOk !== true ? path : undefined;
}
