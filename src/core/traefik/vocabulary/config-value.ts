/**
 * Traefik's dynamic configuration as plain data, with the field names of its documentation. Objects have no prototype,
 * so that a router may be called `__proto__`. Integers beyond 2^53 are decimal text: the file decoder reads either.
 */
export type ConfigValue = string | number | boolean | readonly ConfigValue[] | ConfigObject;

export interface ConfigObject {
  readonly [field: string]: ConfigValue;
}

/** A prototype-less object with the given fields. */
export function configObject(fields: Iterable<readonly [string, ConfigValue]> = []): Record<string, ConfigValue> {
  const object: Record<string, ConfigValue> = Object.create(BARE);
  for (const [field, value] of fields) object[field] = value;
  return object;
}

/** Nothing to inherit. With `null` itself V8 would make a hash table of each object: half as large again, and slower. */
const BARE: object = Object.freeze(Object.create(null));

export function isConfigObject(value: ConfigValue | undefined): value is ConfigObject {
  return typeof value === "object" && !Array.isArray(value);
}

/** An object with other texts in place of those that it holds, however deep; its fields keep their names. */
export function withTexts(object: ConfigObject, textFor: (text: string) => string): ConfigObject {
  return configObject(Object.entries(object).map(([field, value]) => [field, valueWithTexts(value, textFor)] as const));
}

function valueWithTexts(value: ConfigValue, textFor: (text: string) => string): ConfigValue {
  if (typeof value === "string") return textFor(value);
  if (Array.isArray(value)) return value.map((item) => valueWithTexts(item, textFor));
  return isConfigObject(value) ? withTexts(value, textFor) : value;
}
