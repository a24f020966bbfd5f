import type { RouteRow, RoutesAnswer, RoutesQuery } from "../../api/resources/routes.ts";
import { toldHealthOf } from "../../core/catalog/health.ts";
import { instanceLabel } from "../../core/catalog/instance-label.ts";
import { catalogNameIn, type ServiceInstance } from "../../core/catalog/snapshot.ts";
import { beside } from "../../core/changes/touched-routers.ts";
import { memoize } from "../../core/incremental/memoize.ts";
import { type ConfigObject, resourceKey, serviceOf } from "../../core/traefik/chart/dynamic-config.ts";
import { endpointOf, serversOf } from "../../core/traefik/chart/servers.ts";
import { maskRule } from "../../core/traefik/rule/mask-rule.ts";
import { hostName } from "../../core/traefik/rule-reach/matcher-reach.ts";
import { withoutCredentials } from "../../core/traefik/url-credentials.ts";
import { dashboardLink, type UiAddresses, uiLinks } from "../ui-links.ts";
import { chartsAsked, type NamedChart, notFound } from "./charts-asked.ts";
import { isBehind, isOfHost, matchesOf, type RoutePlace, routeId, routePlaces } from "./route-places.ts";
import { type RouterStanding, standingsIn } from "./route-state.ts";

/**
 * The published routers that are asked for, a page of them. Only those of the page are described; the others are counted.
 * Throws AppError (E_API_NOT_FOUND) where a chart, host, service or router is named that no chart and no catalog has.
 *
 * @param ui where the web interfaces of the catalogs are, for links to instances
 */
export function routesView(all: readonly NamedChart[], query: RoutesQuery, ui: UiAddresses = {}): RoutesAnswer {
  const charts = chartsAsked(all, query.chart);
  const found = [...routePlaces(charts)].filter(askedBy(query));
  if (found.length === 0) refuseUnknown(charts, query);
  const rest = query.after === undefined ? found : found.filter(isBehind(charts, query.after));
  const page = rest.slice(0, query.limit);
  const last = page.at(-1);
  return {
    routes: page.map((place) => routeRow(place, ui)),
    total: found.length,
    next: last === undefined || page.length === rest.length ? null : routeId(last),
  };
}

function standingOf({ chart, key }: RoutePlace): RouterStanding {
  return standingsIn(chart.status)(key);
}

function askedBy({ host, service, router, state }: RoutesQuery): (place: RoutePlace) => boolean {
  const wantedHost = host === undefined ? undefined : hostName(host);
  return (place) =>
    (router === undefined || place.name === router) &&
    (service === undefined || isOfService(place, service)) &&
    (state === undefined || standingOf(place).state === state) &&
    (wantedHost === undefined || isOfHost(place, wantedHost));
}

/** By its whole key (`dc1:prod/web`), its name in the catalog (`web`), or as Traefik's service. */
function isOfService({ chart, key, router }: RoutePlace, service: string): boolean {
  if (router["service"] === service) return true;
  const owner = chart.status.owners.get(key)?.service;
  return owner !== undefined && isServiceNamed(owner, service);
}

/** Whether a service, by its key, is meant by a name: its key, or what is left of it without catalog and namespace. */
export function isServiceNamed(key: string, name: string): boolean {
  if (key === name) return true;
  const catalog = catalogNameIn(key);
  const local = catalog === undefined ? key : key.slice(catalog.length + 1);
  return local === name || local.slice(local.indexOf("/") + 1) === name;
}

/** Where nothing was found by a name that nothing has, it is probably misspelt. */
function refuseUnknown(charts: readonly NamedChart[], { host, service, router, state, after }: RoutesQuery): void {
  if (state !== undefined || after !== undefined) return;
  const places = () => [...routePlaces(charts)];
  if (router !== undefined && !places().some(({ name }) => name === router)) {
    throw notFound("router", router, [...new Set(places().map(({ name }) => name))]);
  }
  if (service !== undefined && !isKnownService(charts, service)) {
    throw notFound("service", service, knownServices(charts));
  }
  if (host !== undefined) {
    const hosts = new Set(places().flatMap((place) => matchesOf(place).hosts));
    throw notFound(
      "router for the host",
      host,
      [...hosts].filter((one) => one !== "*"),
    );
  }
}

function instancesIn(charts: readonly NamedChart[]): readonly ServiceInstance[] {
  return charts.flatMap(({ status: { instances = [] } }) => instances.flat());
}

function isKnownService(charts: readonly NamedChart[], service: string): boolean {
  return instancesIn(charts).some((instance) => instance.service === service) || ownersIn(charts).has(service);
}

/** The names of services that a catalog shows, or that a router belongs to. */
export function knownServices(charts: readonly NamedChart[]): readonly string[] {
  return [...new Set([...instancesIn(charts).map(({ service }) => service), ...ownersIn(charts)])];
}

function ownersIn(charts: readonly NamedChart[]): ReadonlySet<string> {
  return new Set(charts.flatMap(({ status }) => Array.from(status.owners.values(), ({ service }) => service)));
}

/** Remembered for each router: there are thousands, and few change. */
const shownRule = memoize((router: ConfigObject) => maskRule(String(router["rule"] ?? "")));

/** What a router's row is made of, and nothing else: texts, numbers, and the router. */
export function rowParts(place: RoutePlace): readonly unknown[] {
  const { chart, key, section, router } = place;
  const { state, sinceMs, isSinceStart } = standingOf(place);
  const { chart: config, origin = () => undefined, owners, operatorNames } = chart.status;
  const service = String(router["service"]);
  const defined = config === undefined ? undefined : serviceOf(config, section, service);
  const endpoints = defined === undefined ? [] : endpointsOf(defined);
  const ofService = resourceKey(beside(section, "services"), service);
  return [
    ...[router, state, sinceMs, isSinceStart, owners.get(key)?.service, operatorNames.get(key)],
    ...endpoints.flatMap((server) => {
      const instance = origin(ofService, server);
      return [server, instance === undefined ? undefined : instanceText(instance)];
    }),
  ];
}

/** What a row may tell of an instance, as text. Remembered for each instance. */
const instanceText = memoize((instance: ServiceInstance): string => {
  const { catalog, datacenter, service } = instance;
  return JSON.stringify([catalog, datacenter, service, instanceLabel(instance), healthWord(instance)]);
});

/** Remembered for each service: there are thousands, and few change. */
const endpointsOf = memoize((service: ConfigObject): readonly string[] => serversOf(service).map(endpointOf));

/** A router as the listener tells it. */
export function routeRow(place: RoutePlace, ui: UiAddresses): RouteRow {
  const { chart, key, section, name, router } = place;
  const { state, sinceMs, isSinceStart } = standingOf(place);
  const { status } = chart;
  const { chart: config, origin = () => undefined } = status;
  const service = String(router["service"]);
  const defined = config === undefined ? undefined : serviceOf(config, section, service);
  const endpoints = defined === undefined ? [] : endpointsOf(defined);
  const ofService = resourceKey(beside(section, "services"), service);
  const { hosts, paths } = matchesOf(place);
  const entryPoints = router["entryPoints"];
  return {
    id: routeId(place),
    chart: chart.name,
    router: name,
    protocol: section === "http/routers" ? "http" : section === "tcp/routers" ? "tcp" : "udp",
    rule: shownRule(router),
    hosts: [...hosts],
    paths: [...paths],
    entryPoints: Array.isArray(entryPoints) ? entryPoints.map(String) : [],
    service,
    servers: endpoints.map(withoutCredentials),
    state,
    since: new Date(sinceMs).toISOString(),
    isSinceStart,
    owner: status.owners.get(key)?.service ?? null,
    definedIn: status.operatorNames.get(key) ?? null,
    ...dashboardLink({ chart: chart.name, section, name }, ui),
    instances: endpoints.flatMap((server) => instanceRow(server, origin(ofService, server), ui)),
  };
}

/** Who is behind a server, where that is known; its task, where it is one of Nomad's. */
function instanceRow(server: string, instance: ServiceInstance | undefined, ui: UiAddresses): RouteRow["instances"] {
  const label = instance === undefined ? undefined : instanceLabel(instance).instance;
  if (instance === undefined || label === undefined) return [];
  return [{ server: withoutCredentials(server), ...label, health: healthWord(instance), ...uiLinks(instance, ui) }];
}

function healthWord(instance: ServiceInstance): string {
  return toldHealthOf(instance)?.status || "unknown";
}
