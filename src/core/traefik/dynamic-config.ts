/**
 * Traefik's dynamic configuration as plain data, with the field names of its documentation. Objects have no prototype,
 * so that a router may be called `__proto__`. Integers beyond 2^53 are decimal text: the file decoder reads either.
 */
export type ConfigValue = string | number | boolean | readonly ConfigValue[] | ConfigObject;

export interface ConfigObject {
  readonly [field: string]: ConfigValue;
}

/** The kinds of named things in an HTTP configuration. */
export const HTTP_SECTIONS = ["routers", "services", "middlewares"] as const;
export type HttpSection = (typeof HTTP_SECTIONS)[number];

/** What one service, or the whole chart, defines: name → object, one map a section. */
export interface HttpConfig {
  readonly routers: ReadonlyMap<string, ConfigObject>;
  readonly services: ReadonlyMap<string, ConfigObject>;
  readonly middlewares: ReadonlyMap<string, ConfigObject>;
}

/** The Traefik lines whose fields are known. A field that the running Traefik lacks makes it refuse the whole file. */
export const TRAEFIK_VERSIONS = ["3.6", "3.7"] as const;
export type TraefikVersion = (typeof TRAEFIK_VERSIONS)[number];

/** A prototype-less object with the given fields. */
export function configObject(fields: Iterable<readonly [string, ConfigValue]> = []): Record<string, ConfigValue> {
  const object: Record<string, ConfigValue> = Object.create(null);
  for (const [field, value] of fields) object[field] = value;
  return object;
}

export function isConfigObject(value: ConfigValue | undefined): value is ConfigObject {
  return typeof value === "object" && !Array.isArray(value);
}
