import { isMapping } from "../base/mapping.ts";
import { kindOf, protocolOf, type ResourceKey, resourceKey, SECTIONS } from "../core/traefik/chart/dynamic-config.ts";

/**
 * The names that a file in Traefik's format defines, from what a parser made of it. Sections are read without regard to
 * case, names with it, and null defines nothing, as in Traefik.
 */
export function namedIn(content: unknown): readonly ResourceKey[] {
  const names = new Set<ResourceKey>();
  for (const section of SECTIONS) {
    for (const protocol of below(content, protocolOf(section))) {
      for (const entries of below(protocol, kindOf(section))) {
        if (!isMapping(entries)) continue;
        for (const [name, object] of Object.entries(entries)) {
          if (object !== null && object !== undefined) names.add(resourceKey(section, name));
        }
      }
    }
  }
  return [...names];
}

function below(value: unknown, key: string): readonly unknown[] {
  if (!isMapping(value)) return [];
  const wanted = key.toLowerCase();
  return Object.entries(value).flatMap(([name, child]) => (name.toLowerCase() === wanted ? [child] : []));
}
