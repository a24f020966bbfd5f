import type { Hold } from "../../core/removals/hold.ts";
import {
  countRouters,
  type DynamicConfig,
  kindOf,
  protocolOf,
  routerLabel,
  routersOf,
  SECTIONS,
  serviceOf,
} from "../../core/traefik/chart/dynamic-config.ts";
import { endpointOf, serversOf } from "../../core/traefik/chart/servers.ts";
import { withoutCredentials } from "../../core/traefik/url-credentials.ts";
import type { RollbackReport } from "../observer.ts";
import type { ChartStatus } from "./chart-status.ts";
import { isoTime } from "./times.ts";

/** One chart as JSON: what is published, what is held, what is wrong, and every route. */
export function chartView(status: ChartStatus) {
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
    diagnostics: status.diagnostics,
    untoldDiagnostics: status.suppressedDiagnostics,
    routes: chart === undefined ? [] : routesView(chart, status),
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

function routesView(chart: DynamicConfig, { holds, leftAtMs }: ChartStatus): readonly unknown[] {
  const held = new Set(holds.flatMap(({ routers }) => routers));
  return [...routersOf(chart)].map(({ key, section, name, router }) => {
    const service = serviceOf(chart, section, String(router["service"]));
    return {
      router: name,
      protocol: protocolOf(section),
      rule: router["rule"],
      service: router["service"],
      servers: service === undefined ? [] : serversOf(service).map(endpointOf).map(withoutCredentials),
      state: held.has(key) ? "held" : leftAtMs.has(key) ? "emptied" : "live",
    };
  });
}

function countOf(chart: DynamicConfig | undefined, kind: string): number {
  if (chart === undefined) return 0;
  return SECTIONS.filter((section) => kindOf(section) === kind).reduce((sum, section) => sum + chart[section].size, 0);
}
