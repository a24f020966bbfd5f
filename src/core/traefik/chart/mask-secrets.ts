import { entryField } from "../schema/entry-field.ts";
import type { Field } from "../schema/schema.ts";
import { type ConfigObject, type ConfigValue, configObject, isConfigObject, type Section } from "./dynamic-config.ts";

const MASK = "***";

/**
 * A router, service or middleware as it may be shown to any reader: without password hashes, keys and the values of
 * headers, without what a plugin is given (it is unknown whether that is a secret), and without passwords in URLs.
 */
export function maskSecrets(section: Section, object: ConfigObject): ConfigObject {
  return maskObject(object, entryField(section));
}

function maskObject(object: ConfigObject, field: Field): ConfigObject {
  const fields = "fields" in field ? field.fields : {};
  return configObject(
    Object.entries(object).map(([name, value]) => {
      const own = fields[name];
      return [name, own === undefined ? maskAll(value) : mask(value, own)];
    }),
  );
}

function mask(value: ConfigValue, field: Field): ConfigValue {
  if (field.secret === true || field.kind === "any") return maskAll(value);
  if (Array.isArray(value)) return "entry" in field ? value.map((item) => mask(item, field.entry)) : maskAll(value);
  if (!isConfigObject(value)) return typeof value === "string" ? withoutPassword(value) : value;
  if (!("entry" in field)) return maskObject(value, field);
  return configObject(Object.entries(value).map(([key, item]) => [key, mask(item, field.entry)]));
}

/** Every value below, while names and shape stay. */
function maskAll(value: ConfigValue): ConfigValue {
  if (Array.isArray(value)) return value.map(maskAll);
  if (isConfigObject(value)) return configObject(Object.entries(value).map(([name, child]) => [name, maskAll(child)]));
  return MASK;
}

function withoutPassword(value: string): string {
  return value.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/]*@/i, `$1${MASK}@`);
}
