import { memoize } from "../incremental/memoize.ts";
import type { OperatorConfig } from "../operator-config/operator-config.ts";
import {
  type ConfigObject,
  type DynamicConfig,
  kindOf,
  type ResourceKey,
  ROUTER_SECTIONS,
  type Section,
  sectionsMade,
  splitKey,
} from "../traefik/chart/dynamic-config.ts";
import { referencesOf } from "../traefik/chart/references.ts";
import { referredKey } from "../traefik/chart/referred-key.ts";

/**
 * Leaves out the services and middlewares that no router of the chart leads to, directly or through others (chains, error
 * pages, mirrors, failover). What the operator defines stays with all that it refers to: routers in files that portolan does
 * not see may use it. `@file` counts as this file.
 *
 * @param before the chart of the last pass: sections that come out alike are the very maps of then
 */
export function withoutUnused(
  config: DynamicConfig,
  { origins }: Pick<OperatorConfig, "origins">,
  before: DynamicConfig | undefined,
): DynamicConfig {
  const used = usedNames(config, origins.keys());
  return sectionsMade((section) =>
    isLeftOutUnused(section) ? only(config[section], used[section], before?.[section]) : config[section],
  );
}

export type Names = Readonly<Record<Section, Set<string>>>;

/** Is nothing of this section written that no router leads to? */
export function isLeftOutUnused(section: Section): boolean {
  return ["services", "middlewares"].includes(kindOf(section));
}

/** The names of each section that a router leads to, or the operator defines, directly or through others. */
export function usedNames(config: DynamicConfig, operatorNames: Iterable<ResourceKey>): Names {
  const used = sectionsMade(() => new Set<string>());
  const unvisited: Target[] = ROUTER_SECTIONS.flatMap((section) => [...targetsOfRouters[section](config[section])]);
  for (const key of operatorNames) unvisited.push(splitKey(key));
  for (let next = unvisited.pop(); next !== undefined; next = unvisited.pop()) {
    const { section, name } = next;
    if (used[section].has(name)) continue;
    used[section].add(name);
    const object = config[section].get(name);
    if (object !== undefined) unvisited.push(...targetsOf(section, object));
  }
  return used;
}

/** A name that something refers to. */
interface Target {
  readonly section: Section;
  readonly name: string;
}

/** What the routers of a section refer to, each name once; memoized, since most changes leave all routers alone. */
const targetsOfRouters = sectionsMade((section) =>
  memoize((routers: ReadonlyMap<string, ConfigObject>): readonly Target[] => {
    const targets = new Map<string, Target>();
    for (const router of routers.values()) {
      for (const target of targetsOf(section, router)) targets.set(`${target.section} ${target.name}`, target);
    }
    return [...targets.values()];
  }),
);

function targetsOf(section: Section, object: ConfigObject): readonly Target[] {
  const references = referencesOf(section, object);
  if (references.length === 0) return NONE;
  return references.flatMap((reference) => {
    const key = referredKey(section, reference);
    return key === "" ? [] : [splitKey(key)];
  });
}

const NONE: readonly Target[] = [];

/** The objects with those names; the map of before where it holds just these. */
function only(
  objects: ReadonlyMap<string, ConfigObject>,
  names: ReadonlySet<string>,
  before: ReadonlyMap<string, ConfigObject> | undefined,
): ReadonlyMap<string, ConfigObject> {
  let isAsBefore = before !== undefined;
  let count = 0;
  for (const [name, object] of objects) {
    if (!names.has(name)) continue;
    count += 1;
    if (before?.get(name) !== object) isAsBefore = false;
  }
  if (count === objects.size) return objects;
  if (isAsBefore && before?.size === count) return before;
  return new Map([...objects].filter(([name]) => names.has(name)));
}
