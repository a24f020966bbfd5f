import { entryField } from "../schema/entry-field.ts";
import type { Field } from "../schema/schema.ts";
import { zeroOf } from "../schema/zero.ts";
import { type ConfigObject, type ConfigValue, configObject, isConfigObject, type Section } from "./dynamic-config.ts";

/**
 * The object with everything that Traefik fills in by itself, so that an option which is left out and one that is set to
 * its default compare equal, as they do in Traefik.
 */
export function withDefaults(section: Section, object: ConfigObject): ConfigObject {
  const completed = complete(entryField(section), object);
  return isConfigObject(completed) ? completed : object;
}

function complete(field: Field, value: ConfigValue): ConfigValue {
  const entry = "entry" in field ? field.entry : undefined;
  if (Array.isArray(value)) return entry === undefined ? value : value.map((item) => complete(entry, item));
  if (!isConfigObject(value)) return value;
  const completed = configObject();
  for (const [name, child] of Object.entries(value)) {
    const childField = "fields" in field ? field.fields[name] : entry;
    completed[name] = childField === undefined ? child : complete(childField, child);
  }
  if ("fields" in field) {
    for (const [name, child] of Object.entries(field.fields)) {
      const value = defaultOf(child);
      if (value !== undefined) completed[name] ??= value;
    }
  }
  return completed;
}

/** The opposite: the object without what is set to what Traefik would fill in anyway. */
export function withoutDefaults(section: Section, object: ConfigObject): ConfigObject {
  const reduced = reduce(entryField(section), object);
  return isConfigObject(reduced) ? reduced : object;
}

function reduce(field: Field, value: ConfigValue): ConfigValue {
  const entry = "entry" in field ? field.entry : undefined;
  if (Array.isArray(value)) return entry === undefined ? value : value.map((item) => reduce(entry, item));
  if (!isConfigObject(value)) return value;
  const reduced = configObject();
  for (const [name, child] of Object.entries(value)) {
    const childField = "fields" in field ? field.fields[name] : entry;
    const kept = childField === undefined ? child : reduce(childField, child);
    if (!("fields" in field) || childField === undefined || !isFilledIn(childField, kept)) reduced[name] = kept;
  }
  return reduced;
}

/** Would Traefik have this value if the field were not there? */
function isFilledIn(field: Field, value: ConfigValue): boolean {
  if (field.kind === "struct") return isConfigObject(value) && Object.keys(value).length === 0;
  return value === defaultOf(field);
}

/** Without a default of its own a value that is not optional is zero; a list that is absent is not an empty one. */
function defaultOf(field: Field): ConfigValue | undefined {
  if (field.fileOnly === true || field.internal === true || field.labelOnly === true) return undefined;
  if (field.default !== undefined) return field.default;
  if (field.kind === "struct") return complete(field, configObject());
  return zeroOf(field);
}
