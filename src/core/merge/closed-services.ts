import type { Translated } from "../instances/instance-state.ts";
import {
  type DynamicConfig,
  isRouterSection,
  type ResourceKey,
  ROUTER_SECTIONS,
  type RouterSection,
  splitKey,
} from "../traefik/chart/dynamic-config.ts";
import { referencesOf } from "../traefik/chart/references.ts";
import { referredKey } from "../traefik/chart/referred-key.ts";

export const NONE_CLOSED: ReadonlySet<ResourceKey> = new Set();

/**
 * The services that an instance must not be a server of. Its own routers to them were left out because a middleware was,
 * while another instance of the same catalog service, of an older version, still defines routers to them: through those it
 * would be reached without the middleware that it asks for. Nothing where no other instance does.
 *
 * @param own all instances of the catalog service
 */
export function closedServices(one: Translated, own: readonly Translated[]): ReadonlySet<ResourceKey> {
  if (one.state.kind !== "routed" || own.length === 1) return NONE_CLOSED;
  const { config, leftOut } = one.state.fragment;
  const closed = new Set<ResourceKey>();
  for (const [key, { object }] of leftOut) {
    const { section } = splitKey(key);
    if (!isRouterSection(section) || object === undefined) continue;
    const references = referencesOf(section, object);
    const isOpenWithout = references.some((reference) => {
      const target = reference.kind === "middleware" ? referredKey(section, reference) : "";
      return target !== "" && leftOut.has(target);
    });
    if (!isOpenWithout) continue;
    for (const service of servicesOf(section, object)) if (!isRoutedTo(config, service)) closed.add(service);
  }
  for (const service of closed)
    if (!own.some((other) => other !== one && routesTo(other, service))) closed.delete(service);
  return closed;
}

function routesTo({ state }: Translated, service: ResourceKey): boolean {
  return state.kind === "routed" && isRoutedTo(state.fragment.config, service);
}

function isRoutedTo(config: DynamicConfig, service: ResourceKey): boolean {
  return ROUTER_SECTIONS.some((section) =>
    [...config[section].values()].some((router) => servicesOf(section, router).includes(service)),
  );
}

function servicesOf(section: RouterSection, router: Parameters<typeof referencesOf>[1]): readonly ResourceKey[] {
  return referencesOf(section, router).flatMap((reference) => {
    const target = reference.kind === "service" ? referredKey(section, reference) : "";
    return target === "" ? [] : [target];
  });
}
