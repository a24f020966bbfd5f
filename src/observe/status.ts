import type { DynamicRange } from "../core/ports/dynamic-range.ts";
import { formatRange } from "../core/ports/port-range.ts";
import type { Hold } from "../core/removals/hold.ts";
import {
  countRouters,
  type DynamicConfig,
  kindOf,
  protocolOf,
  routerLabel,
  routersOf,
  SECTIONS,
  serviceOf,
} from "../core/traefik/chart/dynamic-config.ts";
import { endpointOf, serversOf } from "../core/traefik/chart/servers.ts";
import { withoutCredentials } from "../core/traefik/url-credentials.ts";
import type { RollbackStanding, SourceStanding, Standing, WatchedCatalog } from "./chart-status.ts";
import type { Readiness } from "./readiness.ts";

/** The status as JSON, for people with curl and for other commands. Times as ISO 8601, ages in seconds. */
export function statusView(
  standing: Standing,
  catalogs: readonly WatchedCatalog[],
  readiness: Readiness,
  nowMs: number,
): object {
  const { chart, ...others } = chartView(standing);
  const [only] = catalogs;
  return {
    version: standing.version,
    uptimeSeconds: seconds(nowMs - standing.startedAtMs),
    ready: readiness.isReady,
    reasons: readiness.reasons,
    chart,
    ...(only === undefined || only.name !== undefined
      ? { sources: catalogs.map(({ name, standing: source }) => ({ name, ...sourceView(source, nowMs) })) }
      : { source: sourceView(only.standing, nowMs) }),
    ...others,
  };
}

function sourceView(source: SourceStanding, nowMs: number) {
  const { partialViewReasons: signs, missedChanges, consecutiveFailures, lastError, ...known } = source;
  return {
    ...known,
    ...{ signs, missedChanges, consecutiveFailures, lastError },
    lastSuccessAtMs: undefined,
    answerAgeMs: undefined,
    answerAgeSeconds: source.answerAgeMs === undefined ? null : seconds(source.answerAgeMs),
    ageSeconds: source.lastSuccessAtMs === undefined ? null : seconds(nowMs - source.lastSuccessAtMs),
  };
}

/** One chart: what is published, what is held, what is wrong, and every route. */
export function chartView(standing: Standing) {
  const { chart, holds } = standing;
  return {
    chart: {
      output: standing.output,
      generation: standing.generation,
      hash: standing.hash ?? null,
      publishedAt: isoTime(standing.publishedAtMs),
      routers: chart === undefined ? 0 : countRouters(chart),
      services: countOf(chart, "services"),
      middlewares: countOf(chart, "middlewares"),
      held: heldView(holds),
      rollback: rollbackView(standing.rollback),
      emptied: [...standing.leftAtMs].map(([router, leftAtMs]) => ({
        router: routerLabel(router),
        since: isoTime(leftAtMs),
      })),
    },
    writeError: standing.writeError ?? null,
    diagnostics: standing.diagnostics,
    untoldDiagnostics: standing.untoldDiagnostics,
    routes: chart === undefined ? [] : routesView(chart, standing),
  };
}

/** The dynamic range that counts, and who says so. */
export function rangeView({ ports, origin }: DynamicRange) {
  return { ports: formatRange(ports), origin };
}

function rollbackView(rollback: RollbackStanding | undefined): unknown {
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

function routesView(chart: DynamicConfig, { holds, leftAtMs }: Standing): readonly unknown[] {
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

function isoTime(timeMs: number | undefined): string | null {
  return timeMs === undefined ? null : new Date(timeMs).toISOString();
}

function seconds(ms: number): number {
  return Math.round(ms / 100) / 10;
}
