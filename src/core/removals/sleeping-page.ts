import type { Pass } from "../stage.ts";
import { canonicalJson } from "../traefik/chart/canonical-json.ts";
import { WITHOUT_SERVERS } from "../traefik/chart/closed-router.ts";
import { patchConfig } from "../traefik/chart/config-patch.ts";
import {
  type ConfigObject,
  configObject,
  type DynamicConfig,
  type ResourceKey,
  resourceKey,
  splitKey,
} from "../traefik/chart/dynamic-config.ts";

/**
 * The chart in which the kept routers of HTTP that have no instance lead to the operator's page (`routes.sleeping`).
 *
 * @param before the published chart: what is written alike is its object
 */
export function withSleepingPage(
  chart: DynamicConfig,
  routers: ReadonlySet<ResourceKey>,
  page: string | undefined,
  before: DynamicConfig | undefined,
): DynamicConfig {
  if (page === undefined || routers.size === 0) return chart;
  const patch = patchConfig(chart);
  for (const key of routers) {
    const { section, name } = splitKey(key);
    const router = chart[section].get(name);
    if (router === undefined) continue;
    const asleep = leadingTo(router, page);
    const known = before?.[section].get(name);
    patch.put(section, name, known !== undefined && canonicalJson(known) === canonicalJson(asleep) ? known : asleep);
  }
  return patch.result();
}

/** The way back: those routers lead to a service without servers, which no tag can define. */
export function withoutSleepingPage(
  chart: DynamicConfig | undefined,
  routers: ReadonlySet<ResourceKey>,
): DynamicConfig | undefined {
  if (chart === undefined || routers.size === 0) return chart;
  const patch = patchConfig(chart);
  for (const key of routers) {
    const { section, name } = splitKey(key);
    const router = chart[section].get(name);
    if (router === undefined || section !== "http/routers") continue;
    patch.put(section, name, leadingTo(router, asleepName(name)));
    patch.put("http/services", asleepName(name), WITHOUT_SERVERS);
  }
  return patch.result();
}

/** The operator's page for services that sleep; undefined where there is none, or none defines it. A name with a provider is believed. */
export function definedPage({
  settings,
  operatorConfig,
}: Pick<Pass, "settings" | "operatorConfig">): string | undefined {
  const page = settings.routes.sleeping;
  if (page === undefined || page.includes("@")) return page;
  return operatorConfig.origins.has(resourceKey("http/services", page)) ? page : undefined;
}

function asleepName(router: string): string {
  return `${router}.closed`;
}

function leadingTo(router: ConfigObject, service: string): ConfigObject {
  return configObject(Object.entries({ ...router, service }));
}
