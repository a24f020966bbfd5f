import {
  type ConfigObject,
  type ConfigValue,
  configObject,
  isConfigObject,
  type Section,
} from "./chart/dynamic-config.ts";
import { maskRule } from "./rule/mask-rule.ts";
import { entryField } from "./schema/entry-field.ts";
import type { Field } from "./schema/schema.ts";

/** What stands in place of a secret. */
export const MASK = "***";

/**
 * A router, service or middleware as it may be shown to any reader: without password hashes, keys and the values of
 * headers and query parameters, also in rules, without what a plugin is given (it is unknown whether that is a secret), and
 * without passwords in URLs.
 */
export function maskSecrets(section: Section, object: ConfigObject): ConfigObject {
  return maskObject(object, entryField(section));
}

/**
 * The text of one field, as it stands in a tag, under the same rules.
 *
 * @param name of the field: a rule has secrets of its own kind
 */
export function maskedText(field: Field, name: string, text: string): string {
  if (field.secret === true || field.kind === "any" || ("entry" in field && field.entry.secret === true)) return MASK;
  return name.toLowerCase() === "rule" ? maskRule(text) : withoutUrlSecrets(text);
}

function maskObject(object: ConfigObject, field: Field): ConfigObject {
  const fields = "fields" in field ? field.fields : {};
  return configObject(
    Object.entries(object).map(([name, value]) => {
      const own = fields[name];
      if (own === undefined) return [name, maskAll(value)];
      return [name, name === "rule" && typeof value === "string" ? maskRule(value) : mask(value, own)];
    }),
  );
}

function mask(value: ConfigValue, field: Field): ConfigValue {
  if (field.secret === true || field.kind === "any") return maskAll(value);
  if (Array.isArray(value)) return "entry" in field ? value.map((item) => mask(item, field.entry)) : maskAll(value);
  if (!isConfigObject(value)) return typeof value === "string" ? withoutUrlSecrets(value) : value;
  if (!("entry" in field)) return maskObject(value, field);
  return configObject(Object.entries(value).map(([key, item]) => [key, mask(item, field.entry)]));
}

/** Every value below, while names and shape stay. */
function maskAll(value: ConfigValue): ConfigValue {
  if (Array.isArray(value)) return value.map(maskAll);
  if (isConfigObject(value)) return configObject(Object.entries(value).map(([name, child]) => [name, maskAll(child)]));
  return MASK;
}

/** Without the password of a URL and the values of its query; `redirectRegex` and health checks have parts of URLs. */
function withoutUrlSecrets(value: string): string {
  return value
    .replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/]*@/i, `$1${MASK}@`)
    .replace(/([?&][^=&#\s]*=)[^&#\s]+/g, `$1${MASK}`);
}
