import { instanceLabel } from "../../core/catalog/instance-label.ts";
import type { ServiceInstance } from "../../core/catalog/snapshot.ts";
import { beside } from "../../core/changes/touched-routers.ts";
import type { Hold } from "../../core/removals/hold.ts";
import {
  countRouters,
  type DynamicConfig,
  kindOf,
  protocolOf,
  resourceKey,
  routerLabel,
  routersOf,
  SECTIONS,
  serviceOf,
} from "../../core/traefik/chart/dynamic-config.ts";
import { endpointOf, serversOf } from "../../core/traefik/chart/servers.ts";
import { withoutCredentials } from "../../core/traefik/url-credentials.ts";
import type { RollbackReport } from "../observer.ts";
import { type UiAddresses, uiLinks } from "../ui-links.ts";
import type { ChartStatus } from "./chart-status.ts";
import { isoTime } from "./times.ts";

/**
 * One chart as JSON: what is published, what is held, what is wrong, and every route.
 *
 * @param ui where the web interfaces of the catalogs are, for links to instances
 */
export function chartView(status: ChartStatus, ui: UiAddresses = {}) {
  const { chart } = status;
  return {
    chart: {
      output: status.output,
      generation: status.generation,
      hash: status.hash ?? null,
      publishedAt: isoTime(status.publishedAtMs),
      routers: chart === undefined ? 0 : countRouters(chart),
      services: countOf(chart, "services"),
      middlewares: countOf(chart, "middlewares"),
      held: heldView(status.holds),
      rollback: rollbackView(status.rollback),
      emptied: [...status.leftAtMs].map(([router, leftAtMs]) => ({
        router: routerLabel(router),
        since: isoTime(leftAtMs),
      })),
    },
    writeError: status.writeError ?? null,
    directoryError: status.refusedFor ?? null,
    diagnostics: diagnosticsView(status, ui),
    untoldDiagnostics: status.suppressedDiagnostics,
    routes: chart === undefined ? [] : routesView(chart, status, ui),
  };
}

function rollbackView(rollback: RollbackReport | undefined): unknown {
  if (rollback === undefined) return null;
  const { number, sinceMs, withheldChanges } = rollback;
  return { version: number, since: isoTime(sinceMs), withheldChanges };
}

/** Null where nothing is held; a list where there is more than one hold, or catalogs have names, since each may hold some. */
function heldView(holds: readonly Hold[]): unknown {
  const views = holds.map(({ catalogName, kind, reason, routers, sinceMs, endsAtMs }) => ({
    ...(catalogName === undefined ? {} : { catalog: catalogName }),
    kind,
    ...(reason === undefined ? {} : { sign: reason }),
    routers: routers.map(routerLabel),
    since: isoTime(sinceMs),
    ends: isoTime(endsAtMs),
  }));
  const isList = holds.length > 1 || holds.some(({ catalogName }) => catalogName !== undefined);
  return isList ? views : (views[0] ?? null);
}

/** Each with links to its instance, where there are web interfaces to link to. */
function diagnosticsView({ diagnostics, instances = [] }: ChartStatus, ui: UiAddresses): readonly unknown[] {
  if (diagnostics.length === 0 || Object.keys(ui).length === 0) return diagnostics;
  const placeOf = (...place: readonly (string | undefined)[]) => JSON.stringify(place);
  const wanted = new Map<string, ServiceInstance | undefined>(
    diagnostics.map(({ subject: { catalog, service, node, instance } }) => [
      placeOf(catalog, service, node, instance),
      undefined,
    ]),
  );
  for (const instance of instances.flat()) {
    const place = placeOf(instance.catalogName, instance.service, instance.node, instance.id);
    if (wanted.has(place)) wanted.set(place, instance);
  }
  return diagnostics.map((diagnostic) => {
    const { catalog, service, node, instance } = diagnostic.subject;
    const found = wanted.get(placeOf(catalog, service, node, instance));
    return found === undefined ? diagnostic : { ...diagnostic, ...uiLinks(found, ui) };
  });
}

function routesView(chart: DynamicConfig, status: ChartStatus, ui: UiAddresses): readonly unknown[] {
  const { holds, leftAtMs, origin = () => undefined } = status;
  const held = new Set(holds.flatMap(({ routers }) => routers));
  return [...routersOf(chart)].map(({ key, section, name, router }) => {
    const service = serviceOf(chart, section, String(router["service"]));
    const endpoints = service === undefined ? [] : serversOf(service).map(endpointOf);
    const ofService = resourceKey(beside(section, "services"), String(router["service"]));
    return {
      router: name,
      protocol: protocolOf(section),
      rule: router["rule"],
      service: router["service"],
      servers: endpoints.map(withoutCredentials),
      instances: endpoints.flatMap((server) => instanceView(server, origin(ofService, server), ui)),
      state: held.has(key) ? "held" : leftAtMs.has(key) ? "emptied" : "live",
    };
  });
}

/** Who is behind a server, where that is known; its task, where it is one of Nomad's. */
function instanceView(server: string, instance: ServiceInstance | undefined, ui: UiAddresses): readonly unknown[] {
  if (instance === undefined) return [];
  return [{ server: withoutCredentials(server), ...instanceLabel(instance).instance, ...uiLinks(instance, ui) }];
}

function countOf(chart: DynamicConfig | undefined, kind: string): number {
  if (chart === undefined) return 0;
  return SECTIONS.filter((section) => kindOf(section) === kind).reduce((sum, section) => sum + chart[section].size, 0);
}
