import { type ServiceInstance, serviceKey } from "../../catalog/snapshot.ts";
import { namesIn } from "../../default-middlewares/defaults-at.ts";
import { DEFAULTS_ORIGIN, REQUIRED_ORIGIN } from "../../default-middlewares/reserved-names.ts";
import type { OperatorConfig } from "../../operator-config/operator-config.ts";
import { plainName, requiredIn } from "../../policy/required-middlewares.ts";
import type { CoreSettings } from "../../settings.ts";
import { protocolOf, type ResourceKey, routerLabel, splitKey } from "../../traefik/chart/dynamic-config.ts";
import { labelsOf } from "../../traefik/labels/labels.ts";
import { defaultName } from "../../translate/default-name.ts";
import type { Decided } from "../decided.ts";
import { routersLeadingTo } from "./leads-to.ts";

/**
 * Who uses each of these names beside the operator's own routers, by one chart and its settings: routers of services, services
 * whose tags name it and that have no router now, and settings. Empty where nothing does.
 */
export function usesOf(
  keys: ReadonlySet<ResourceKey>,
  { origins }: OperatorConfig,
  { decision, settings }: Decided,
): ReadonlyMap<ResourceKey, readonly string[]> {
  const leading = routersLeadingTo(keys, decision.chart);
  const naming = servicesNaming(keys, decision.memory, settings);
  return new Map(
    [...keys].map((key) => {
      const routers = (leading.get(key) ?? []).filter((router) => !origins.has(router));
      const routed = new Set(routers.map((router) => decision.memory.owners.get(router)?.service));
      const unrouted = [...(naming.get(key) ?? [])].filter((service) => !routed.has(service));
      const byTags = unrouted.map((service) => `service ${service} (without a router now)`);
      return [key, [...routers.map(routerLabel), ...byTags, ...settingsNaming(key, settings)]];
    }),
  );
}

/** The settings that name it: routers to come need it, also where none is in the chart now. */
function settingsNaming(key: ResourceKey, { traefik, policy, routes }: CoreSettings): readonly string[] {
  const { section, name } = splitKey(key);
  const isNamed = (names: Iterable<string>) => [...names].some((one) => plainName(one) === name);
  if (section === "http/services") {
    return routes.sleeping !== undefined && isNamed([routes.sleeping]) ? ["the settings (routes.sleeping)"] : [];
  }
  if (section !== "http/middlewares") return [];
  return [
    ...(isNamed(namesIn(traefik.defaultMiddlewares)) ? [DEFAULTS_ORIGIN] : []),
    ...(policy !== undefined && isNamed(requiredIn(policy)) ? [REQUIRED_ORIGIN] : []),
  ];
}

/** Services whose tags name each, whatever their health: they need it again as soon as they are healthy, or mended. */
function servicesNaming(
  keys: ReadonlySet<ResourceKey>,
  { translation }: Decided["decision"]["memory"],
  { traefik }: CoreSettings,
): ReadonlyMap<ResourceKey, ReadonlySet<string>> {
  const found = new Map([...keys].map((key) => [key, new Set<string>()]));
  for (const own of translation.services.values()) {
    for (const { instance, state } of own) {
      if (state.kind === "hidden") continue;
      const labels = plainLabels(instance, traefik.prefix);
      for (const [key, services] of found) if (isNamedBy(instance, labels, key)) services.add(serviceKey(instance));
    }
  }
  return found;
}

/** Keys in lower case, as Traefik compares them, with their values. */
type PlainLabels = readonly (readonly [label: string, value: string])[];

function plainLabels({ tags, catalog }: ServiceInstance, prefix: string): PlainLabels {
  return Array.from(labelsOf(tags, prefix, catalog), ([label, { value }]) => [label.toLowerCase(), value] as const);
}

function isNamedBy(instance: ServiceInstance, labels: PlainLabels, key: ResourceKey): boolean {
  const { section, name } = splitKey(key);
  const isService = section.endsWith("/services");
  const protocol = protocolOf(section);
  // Without a provider, a service's own is meant, which takes the name once the file's is gone.
  const at = `traefik.${protocol}.services.${name.toLowerCase()}.`;
  const isOwn = isService && (defaultName(instance, false) === name || labels.some(([label]) => label.startsWith(at)));
  const naming = isService ? NAMES_SERVICE : NAMES_MIDDLEWARES;
  return labels.some(
    ([label, value]) =>
      label.startsWith(`traefik.${protocol}.`) &&
      naming.test(label) &&
      value.split(",").some((one) => (isOwn ? one.trim() === `${name}@file` : plainName(one.trim()) === name)),
  );
}

/** Of a router or a chain, as a list or item by item. */
const NAMES_MIDDLEWARES = /\.middlewares(?:\[\d+\])?$/;

/** Of a router, an error page, a failover, a mirror or a weighted service. */
const NAMES_SERVICE = /\.(?:service|fallback|name)$/;
