import { patchConfig } from "../traefik/chart/config-patch.ts";
import {
  type DynamicConfig,
  isRouterKey,
  type ResourceKey,
  SECTIONS,
  splitKey,
} from "../traefik/chart/dynamic-config.ts";

/** Does the chart define every name that the other configuration does? */
export function isCovered(config: DynamicConfig, chart: DynamicConfig): boolean {
  return SECTIONS.every((section) => [...config[section].keys()].every((name) => chart[section].has(name)));
}

/** Both configurations as one; where both define a name, the upper one counts. */
export function overlay(lower: DynamicConfig, upper: DynamicConfig): DynamicConfig {
  const both = patchConfig(lower);
  for (const section of SECTIONS) for (const [name, object] of upper[section]) both.put(section, name, object);
  return both.result();
}

/** The chart without those names. */
export function withoutNames(chart: DynamicConfig, keys: Iterable<ResourceKey>): DynamicConfig {
  const left = patchConfig(chart);
  for (const key of keys) {
    const { section, name } = splitKey(key);
    left.drop(section, name);
  }
  return left.result();
}

/** The chart without those of its routers: what guards and graces judge, since only the catalog can lie. */
export function withoutRouters(chart: DynamicConfig, keys: ReadonlyMap<ResourceKey, unknown>): DynamicConfig {
  const routers = [...keys.keys()].filter(isRouterKey);
  return routers.length === 0 ? chart : withoutNames(chart, routers);
}
