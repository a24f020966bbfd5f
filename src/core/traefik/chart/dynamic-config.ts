import { type ConfigObject, isConfigObject } from "../vocabulary/config-value.ts";
import {
  isRouterSection,
  kindOf,
  protocolOf,
  ROUTER_SECTIONS,
  type RouterSection,
  SECTIONS,
  type Section,
  sectionsMade,
} from "../vocabulary/section.ts";

/** The words of a configuration, for code that reads or makes one: values, sections and versions of Traefik. */
export {
  type ConfigObject,
  type ConfigValue,
  configObject,
  isConfigObject,
  withTexts,
} from "../vocabulary/config-value.ts";
export {
  isRouterSection,
  kindOf,
  type Protocol,
  protocolOf,
  ROUTER_SECTIONS,
  type RouterSection,
  SECTIONS,
  type Section,
  sectionOf,
  sectionsMade,
  transportOf,
} from "../vocabulary/section.ts";
export { TRAEFIK_VERSIONS, type TraefikVersion } from "../vocabulary/traefik-version.ts";

/** Section and name, for example `http/routers/web`: what a thing is called where all sections meet. */
export type ResourceKey = `${Section}/${string}`;

/** What one instance, or the whole chart, defines: name → object, one map a section. */
export type DynamicConfig = Readonly<Record<Section, ReadonlyMap<string, ConfigObject>>>;
export type MutableConfig = Record<Section, Map<string, ConfigObject>>;

/** A configuration to be filled, with the entries of another one to begin with. */
export function newConfig(from?: DynamicConfig): MutableConfig {
  return sectionsMade((section) => new Map(from?.[section]));
}

/** The sections that define anything, in the order of the file: mostly two of the twelve. */
export function sectionsInUse(config: DynamicConfig): readonly Section[] {
  return SECTIONS.filter((section) => config[section].size > 0);
}

export function resourceKey(section: Section, name: string): ResourceKey {
  return `${section}/${name}`;
}

export function isResourceKey(text: string): text is ResourceKey {
  return SECTIONS.some((section) => text.startsWith(`${section}/`));
}

/** The way back from a key; a name may hold slashes. */
export function splitKey(key: ResourceKey): { readonly section: Section; readonly name: string } {
  const end = key.indexOf("/", key.indexOf("/") + 1);
  const section = SECTION_BY_NAME.get(key.slice(0, end));
  if (section === undefined) throw new Error(`${key} lies in no section`);
  return { section, name: key.slice(end + 1) };
}

const SECTION_BY_NAME: ReadonlyMap<string, Section> = new Map(SECTIONS.map((section) => [section, section] as const));

export function isRouterKey(key: ResourceKey): boolean {
  return isRouterSection(splitKey(key).section);
}

/** What a tree in the form of Traefik's files defines, `{ http: { routers: { web: {…} } } }`. */
export function configFrom(
  tree: ConfigObject,
  make: (section: Section) => Map<string, ConfigObject> = () => new Map(),
): MutableConfig {
  const config = sectionsMade(make);
  for (const section of SECTIONS)
    for (const [name, object] of definedIn(tree, section)) config[section].set(name, object);
  return config;
}

/** What such a tree defines in one section, by name. */
export function* definedIn(tree: ConfigObject, section: Section): Generator<readonly [string, ConfigObject]> {
  const protocol = tree[protocolOf(section)];
  const entries = isConfigObject(protocol) ? protocol[kindOf(section)] : undefined;
  if (!isConfigObject(entries)) return;
  for (const [name, entry] of Object.entries(entries)) if (isConfigObject(entry)) yield [name, entry];
}

/** Every router with its key and its section, HTTP first. */
export function* routersOf(
  config: DynamicConfig,
): Generator<{ key: ResourceKey; section: RouterSection; name: string; router: ConfigObject }> {
  for (const section of ROUTER_SECTIONS) {
    for (const [name, router] of config[section]) yield { key: resourceKey(section, name), section, name, router };
  }
}

export function countRouters(config: DynamicConfig): number {
  return ROUTER_SECTIONS.reduce((sum, section) => sum + config[section].size, 0);
}

/** The service that a router of this section names, in the configuration. */
export function serviceOf(config: DynamicConfig, section: RouterSection, name: string): ConfigObject | undefined {
  return config[`${protocolOf(section) as "http" | "tcp" | "udp"}/services`].get(name);
}

/** A router as messages and logs name it: its name, and in brackets its protocol unless that is HTTP. */
export function routerLabel(key: ResourceKey): string {
  const { section, name } = splitKey(key);
  return section === "http/routers" ? name : `${name} (${protocolOf(section)})`;
}
