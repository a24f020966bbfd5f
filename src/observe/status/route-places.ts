import { memoize } from "../../core/incremental/memoize.ts";
import {
  type ConfigObject,
  isResourceKey,
  isRouterSection,
  type ResourceKey,
  ROUTER_SECTIONS,
  type RouterSection,
  resourceKey,
  splitKey,
} from "../../core/traefik/chart/dynamic-config.ts";
import { type Area, reachOfRouter } from "../../core/traefik/rule-reach/reach.ts";
import { has, isUnbounded, type TextSet } from "../../core/traefik/rule-reach/text-set.ts";
import type { NamedChart } from "./charts-asked.ts";

/** A published router of one of the charts. */
export interface RoutePlace {
  readonly chart: NamedChart;
  readonly key: ResourceKey;
  readonly section: RouterSection;
  readonly name: string;
  readonly router: ConfigObject;
}

/** What names it in all charts, and where the next page begins. */
export function routeId({ chart, key }: RoutePlace): string {
  return `${chart.name}/${key}`;
}

/** The routers of the charts in the order of chart, section and name. */
export function* routePlaces(charts: readonly NamedChart[]): Generator<RoutePlace> {
  for (const chart of charts) {
    const config = chart.status.chart;
    if (config === undefined) continue;
    for (const section of ROUTER_SECTIONS) {
      for (const name of namesIn(config[section])) {
        const router = config[section].get(name);
        if (router !== undefined) yield { chart, key: resourceKey(section, name), section, name, router };
      }
    }
  }
}

/** In their order, remembered as long as the section is the same. */
const namesIn = memoize((section: ReadonlyMap<string, ConfigObject>): readonly string[] => [...section.keys()].sort());

/** Whether a router comes behind the one that the id names, which may have gone; all do where the id is none of these charts'. */
export function isBehind(charts: readonly NamedChart[], id: string): (place: RoutePlace) => boolean {
  const last = placeNamed(charts, id);
  if (last === undefined) return () => true;
  return ({ chart, section, name }) => {
    const further =
      charts.indexOf(chart) - last.position || ROUTER_SECTIONS.indexOf(section) - ROUTER_SECTIONS.indexOf(last.section);
    return further > 0 || (further === 0 && name > last.name);
  };
}

function placeNamed(charts: readonly NamedChart[], id: string) {
  const slash = id.indexOf("/");
  const position = charts.findIndex(({ name }) => name === id.slice(0, slash));
  const key = id.slice(slash + 1);
  if (position < 0 || !isResourceKey(key)) return undefined;
  const { section, name } = splitKey(key);
  return isRouterSection(section) ? { position, section, name } : undefined;
}

/** Which hosts and paths a router's rule can match, as people write them. Remembered for each router. */
export function matchesOf({ section, router }: Pick<RoutePlace, "section" | "router">): RouteMatches {
  return MATCHES[section](router);
}

export interface RouteMatches {
  /** `*` is any host; `*.example.org`, `api-*` where a pattern says no more. */
  readonly hosts: readonly string[];
  /** `/api*` are those that begin so; none where the rule says nothing of paths. */
  readonly paths: readonly string[];
}

const MATCHES = {
  "http/routers": memoize((router: ConfigObject) => matches("http/routers", router)),
  "tcp/routers": memoize((router: ConfigObject) => matches("tcp/routers", router)),
  "udp/routers": memoize((router: ConfigObject) => matches("udp/routers", router)),
};

function matches(section: RouterSection, router: ConfigObject): RouteMatches {
  const { areas } = reachOfRouter(section, router);
  if (areas === undefined) return { hosts: ["*"], paths: [] };
  return {
    hosts: [...new Set(areas.map(({ host }) => written(host)))],
    paths: [...new Set(areas.map(({ path }) => written(path)))].filter((path) => path !== "*" && path !== "/*"),
  };
}

function written({ prefix, suffix, isExact }: TextSet): string {
  return isExact ? prefix : `${prefix}*${suffix}`;
}

/**
 * Can the rule match this host, which is in lower case? One that names no host at all takes every host: that it takes this one
 * says nothing of it. A pattern is also found as it is written.
 */
export function isOfHost(place: Pick<RoutePlace, "section" | "router">, host: string): boolean {
  const { areas = [] } = reachOfRouter(place.section, place.router);
  const isNamed = ({ host: set }: Area) => !isUnbounded(set) && (has(set, host) || written(set) === host);
  return areas.some(isNamed);
}
