import {
  type ConfigObject,
  type ConfigValue,
  configObject,
  type DynamicConfig,
  isConfigObject,
  newConfig,
} from "../traefik/chart/dynamic-config.ts";
import { defaultEntryPoints } from "../traefik-result/default-entry-points.ts";
import type { TraefikEntryPoint } from "../traefik-result/running-traefik.ts";

/** A chart as a running Traefik lists it, and by the listed names what each is in the chart. */
export interface ListedChart {
  readonly config: DynamicConfig;
  /** Listed name of a router of HTTP → its name in the chart, where they differ. */
  readonly charted: ReadonlyMap<string, string>;
}

/**
 * Writes a chart as a running Traefik lists what it takes: routers that name no entry point have the default ones; and a
 * router of HTTP is listed once for each of its entry points that has options of its own (`websecure-shop`), with what those
 * add to it.
 *
 * @param isListed does Traefik list a router of HTTP by this name? It tells which entry points have options
 */
export function listedAs(
  chart: DynamicConfig,
  entryPoints: readonly TraefikEntryPoint[],
  isListed: (name: string) => boolean,
): ListedChart {
  const config = newConfig(chart);
  const charted = new Map<string, string>();
  config["tcp/routers"] = new Map(
    [...chart["tcp/routers"]].map(([name, one]) => [name, atEntryPoints(one, entryPoints)]),
  );
  config["http/routers"] = new Map();
  for (const [name, router] of chart["http/routers"]) {
    const whole = atEntryPoints(router, entryPoints);
    const own = namesIn(whole["entryPoints"]);
    const parted = own.length < 2 ? [] : own.filter((one) => isListed(`${one}-${name}`));
    for (const one of parted) {
      config["http/routers"].set(`${one}-${name}`, withOptionsOf(withEntryPoints(whole, [one]), entryPoints));
      charted.set(`${one}-${name}`, name);
    }
    const rest = own.filter((one) => !parted.includes(one));
    if (parted.length > 0 && rest.length === 0) continue;
    config["http/routers"].set(name, withOptionsOf(withEntryPoints(whole, rest), entryPoints));
  }
  return { config, charted };
}

function atEntryPoints(router: ConfigObject, entryPoints: readonly TraefikEntryPoint[]): ConfigObject {
  if (namesIn(router["entryPoints"]).length > 0) return router;
  return withEntryPoints(router, defaultEntryPoints(entryPoints));
}

/** What the options of its only entry point add to a router. */
function withOptionsOf(router: ConfigObject, entryPoints: readonly TraefikEntryPoint[]): ConfigObject {
  const own = namesIn(router["entryPoints"]);
  const options = own.length === 1 ? entryPoints.find(({ name }) => name === own[0])?.options : undefined;
  if (options === undefined) return router;
  const { tls, middlewares = [], observability } = options;
  const observed = router["observability"];
  const fields: [string, ConfigValue][] = Object.entries(router);
  if (tls !== undefined && router["tls"] === undefined) fields.push(["tls", tls]);
  if (middlewares.length > 0) fields.push(["middlewares", [...middlewares, ...namesIn(router["middlewares"])]]);
  if (observability !== undefined) {
    const both = [...Object.entries(observability), ...Object.entries(isConfigObject(observed) ? observed : {})];
    fields.push(["observability", configObject(both)]);
  }
  return configObject(fields);
}

function withEntryPoints(router: ConfigObject, names: readonly string[]): ConfigObject {
  return configObject([...Object.entries(router), ["entryPoints", [...names]]]);
}

function namesIn(value: ConfigValue | undefined): readonly string[] {
  return Array.isArray(value) ? value.map(String) : [];
}
