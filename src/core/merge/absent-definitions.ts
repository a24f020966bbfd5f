import { bestState, type TranslatedServices } from "../instances/instance-state.ts";
import type { Pass } from "../stage.ts";
import { patchConfig } from "../traefik/chart/config-patch.ts";
import {
  type ConfigObject,
  type DynamicConfig,
  kindOf,
  type ResourceKey,
  resourceKey,
  SECTIONS,
  type Section,
  splitKey,
} from "../traefik/chart/dynamic-config.ts";
import { isLocal, referencesOf, targetOf } from "../traefik/chart/references.ts";
import type { Owner } from "./owner.ts";

/** A configuration in which what absent services defined stands in for them, and when that ends. */
export interface StandingIn {
  readonly config: DynamicConfig;
  readonly dueAtMs: readonly number[];
}

/**
 * Adds the middlewares that others refer to and only an absent service defines, as they were published. A sign-on that is unhealthy for seconds must not take the routers away that use it, and they must
 * not be open meanwhile. It lasts as long as a router outlives its last instance. A service that withdrew its definitions,
 * or that was refused, is not absent. A `forwardAuth` stands in only while its service is registered: the port of one that
 * is not may be another service's by now, whose answer would let everything pass.
 */
export function withAbsentDefinitions(
  { settings, nowMs }: Pass,
  config: DynamicConfig,
  owners: ReadonlyMap<ResourceKey, Owner>,
  published: DynamicConfig | undefined,
  services: TranslatedServices,
): StandingIn {
  const absent = new Map<ResourceKey, { readonly object: ConfigObject; readonly endsAtMs: number }>();
  for (const [key, { service, goneAtMs }] of published === undefined ? [] : owners) {
    if (goneAtMs === undefined) continue;
    const { section, name } = splitKey(key);
    const object = published?.[section].get(name);
    const endsAtMs = goneAtMs + settings.routes.zeroInstanceGraceMs;
    if (object === undefined || nowMs >= endsAtMs || kindOf(section) !== "middlewares") continue;
    const state = bestState(services, service);
    if (config[section].has(name) || (state !== undefined && state.kind !== "unhealthy")) continue;
    if (state === undefined && object["forwardAuth"] !== undefined) continue;
    absent.set(key, { object, endsAtMs });
  }
  if (absent.size === 0) return { config, dueAtMs: [] };
  const patch = patchConfig(config);
  const dueAtMs = new Set<number>();
  const bring = (section: Section, object: ConfigObject): void => {
    for (const reference of referencesOf(section, object)) {
      const target = targetOf(section, reference);
      if (target === undefined || !isLocal(reference.name)) continue;
      const key = resourceKey(target, reference.name);
      const found = absent.get(key);
      if (found === undefined) continue;
      absent.delete(key);
      patch.put(target, reference.name, found.object);
      dueAtMs.add(found.endsAtMs);
      bring(target, found.object);
    }
  };
  for (const section of SECTIONS) for (const object of config[section].values()) bring(section, object);
  return { config: patch.result(), dueAtMs: [...dueAtMs] };
}
