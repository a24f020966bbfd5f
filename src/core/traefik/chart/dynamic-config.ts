/**
 * Traefik's dynamic configuration as plain data, with the field names of its documentation. Objects have no prototype,
 * so that a router may be called `__proto__`. Integers beyond 2^53 are decimal text: the file decoder reads either.
 */
export type ConfigValue = string | number | boolean | readonly ConfigValue[] | ConfigObject;

export interface ConfigObject {
  readonly [field: string]: ConfigValue;
}

/** The kinds of named things that a chart may define, in the order of the file. */
export const SECTIONS = [
  "http/routers",
  "http/services",
  "http/middlewares",
  "http/serversTransports",
  "tcp/routers",
  "tcp/services",
  "tcp/middlewares",
  "tcp/serversTransports",
  "udp/routers",
  "udp/services",
  "tls/options",
  "tls/stores",
] as const;
export type Section = (typeof SECTIONS)[number];
export type Protocol = "http" | "tcp" | "udp" | "tls";

export const ROUTER_SECTIONS = ["http/routers", "tcp/routers", "udp/routers"] as const satisfies readonly Section[];
export type RouterSection = (typeof ROUTER_SECTIONS)[number];

export function isRouterSection(section: Section): section is RouterSection {
  return ROUTER_SECTIONS.some((one) => one === section);
}

/** Section and name, for example `http/routers/web`: what a thing is called where all sections meet. */
export type ResourceKey = `${Section}/${string}`;

/** What one instance, or the whole chart, defines: name → object, one map a section. */
export type DynamicConfig = Readonly<Record<Section, ReadonlyMap<string, ConfigObject>>>;
export type MutableConfig = Record<Section, Map<string, ConfigObject>>;

/** A configuration to be filled, with the entries of another one to begin with. */
export function newConfig(from?: DynamicConfig): MutableConfig {
  return sectionsMade((section) => new Map(from?.[section]));
}

/** Something for each section. */
export function sectionsMade<T>(make: (section: Section) => T): Record<Section, T> {
  const made: Partial<Record<Section, T>> = {};
  for (const section of SECTIONS) made[section] = make(section);
  return made as Record<Section, T>;
}

export function protocolOf(section: Section): Protocol {
  return PROTOCOLS[section];
}

const PROTOCOLS = sectionsMade((section) => section.slice(0, section.indexOf("/")) as Protocol);

/** `routers`, `services`, … */
export function kindOf(section: Section): string {
  return KINDS[section];
}

const KINDS = sectionsMade((section) => section.slice(section.indexOf("/") + 1));

export function resourceKey(section: Section, name: string): ResourceKey {
  return `${section}/${name}`;
}

export function isResourceKey(text: string): text is ResourceKey {
  return SECTIONS.some((section) => text.startsWith(`${section}/`));
}

/** The way back from a key; a name may hold slashes. */
export function splitKey(key: ResourceKey): { readonly section: Section; readonly name: string } {
  const section = SECTIONS.find((candidate) => key.startsWith(`${candidate}/`));
  if (section === undefined) throw new Error(`${key} lies in no section`);
  return { section, name: key.slice(section.length + 1) };
}

/** The section that a reference from another section points into, if it is one that a chart may define. */
export function sectionOf(protocol: Protocol, kind: string): Section | undefined {
  return SECTIONS.find((section) => section === `${protocol}/${kind}`);
}

/** What a tree in the form of Traefik's files defines, `{ http: { routers: { web: {…} } } }`. */
export function configFrom(
  tree: ConfigObject,
  make: (section: Section) => Map<string, ConfigObject> = () => new Map(),
): MutableConfig {
  const config = sectionsMade(make);
  for (const section of SECTIONS) {
    const protocol = tree[protocolOf(section)];
    const entries = isConfigObject(protocol) ? protocol[kindOf(section)] : undefined;
    if (!isConfigObject(entries)) continue;
    for (const [name, entry] of Object.entries(entries)) if (isConfigObject(entry)) config[section].set(name, entry);
  }
  return config;
}

/** Every router with its key and its section, HTTP first. */
export function* routersOf(
  config: DynamicConfig,
): Generator<{ key: ResourceKey; section: RouterSection; name: string; router: ConfigObject }> {
  for (const section of ROUTER_SECTIONS) {
    for (const [name, router] of config[section]) yield { key: resourceKey(section, name), section, name, router };
  }
}

/** The routers that another configuration does not define. Sections that both share cost nothing. */
export function* routersGone(config: DynamicConfig, from: DynamicConfig): ReturnType<typeof routersOf> {
  for (const section of ROUTER_SECTIONS) {
    if (config[section] === from[section]) continue;
    for (const [name, router] of config[section]) {
      if (!from[section].has(name)) yield { key: resourceKey(section, name), section, name, router };
    }
  }
}

export function countRouters(config: DynamicConfig): number {
  return ROUTER_SECTIONS.reduce((sum, section) => sum + config[section].size, 0);
}

/** The service that a router of this section names, in the configuration. */
export function serviceOf(config: DynamicConfig, section: RouterSection, name: string): ConfigObject | undefined {
  return config[`${protocolOf(section) as "http" | "tcp" | "udp"}/services`].get(name);
}

/** A router as people call it: HTTP goes without saying. */
export function routerLabel(key: ResourceKey): string {
  const { section, name } = splitKey(key);
  return section === "http/routers" ? name : `${name} (${protocolOf(section)})`;
}

/** The Traefik lines whose fields are known. A field that the running Traefik lacks makes it refuse the whole file. */
export const TRAEFIK_VERSIONS = ["3.6", "3.7"] as const;
export type TraefikVersion = (typeof TRAEFIK_VERSIONS)[number];

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
