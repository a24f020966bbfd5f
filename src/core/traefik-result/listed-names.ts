import {
  type ConfigObject,
  type DynamicConfig,
  type ResourceKey,
  resourceKey,
} from "../traefik/chart/dynamic-config.ts";
import { defaultEntryPoints } from "./default-entry-points.ts";
import type { TraefikEntryPoint } from "./running-traefik.ts";
import type { ListedSection } from "./traefik-resource.ts";

/**
 * The names under which Traefik may list what is charted under one: its own; and where an entry point has options of its own
 * (TLS, middlewares), for a router of HTTP with several entry points, one with each entry point before it: `websecure-shop`.
 */
export function listedNames(
  section: ListedSection,
  name: string,
  definition: ConfigObject,
  entryPoints: readonly TraefikEntryPoint[],
): readonly string[] {
  if (section !== "http/routers") return [name];
  const own = entryPointsOf(definition, entryPoints);
  return own.length < 2 ? [name] : [name, ...own.map((one) => `${one}-${name}`)];
}

/** The way back: what is charted, by a name of Traefik's list; undefined where it is none of the chart's. */
export function chartedKey(
  section: ListedSection,
  listed: string,
  chart: DynamicConfig,
  entryPoints: readonly TraefikEntryPoint[],
): ResourceKey | undefined {
  if (chart[section].has(listed)) return resourceKey(section, listed);
  if (section !== "http/routers") return undefined;
  for (const entryPoint of entryPoints) {
    if (!listed.startsWith(`${entryPoint.name}-`)) continue;
    const name = listed.slice(entryPoint.name.length + 1);
    const definition = chart[section].get(name);
    if (definition === undefined) continue;
    if (listedNames(section, name, definition, entryPoints).includes(listed)) return resourceKey(section, name);
  }
  return undefined;
}

/** Those that a router names, else Traefik's default ones. */
function entryPointsOf(definition: ConfigObject, entryPoints: readonly TraefikEntryPoint[]): readonly string[] {
  const named = definition["entryPoints"];
  if (Array.isArray(named) && named.length > 0) return named.map(String);
  return defaultEntryPoints(entryPoints);
}
