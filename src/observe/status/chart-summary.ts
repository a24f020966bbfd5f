import type { ChartSummary } from "../../api/resources/status.ts";
import type { RouteState } from "../../api/resources/words.ts";
import {
  countRouters,
  type DynamicConfig,
  kindOf,
  routersOf,
  SECTIONS,
} from "../../core/traefik/chart/dynamic-config.ts";
import type { RollbackReport } from "../observer.ts";
import type { ChartStatus } from "./chart-status.ts";
import { countByCode } from "./diagnostic-counts.ts";
import { standingsIn } from "./route-state.ts";
import { isoTime } from "./times.ts";
import { traefikView } from "./traefik-view.ts";

/** One chart in numbers: what is published, what is held, what is wrong. What they count, `/v1/routes` and its kind list. */
export function chartSummary(status: ChartStatus): ChartSummary {
  const { chart, holds } = status;
  return {
    output: status.output,
    generation: status.generation,
    hash: status.hash ?? null,
    publishedAt: isoTime(status.publishedAtMs),
    routers: chart === undefined ? 0 : countRouters(chart),
    services: countOf(chart, "services"),
    middlewares: countOf(chart, "middlewares"),
    states: countStates(status),
    holds: holds.map(({ catalogName, kind, routers, sinceMs, endsAtMs }) => ({
      catalog: catalogName ?? null,
      kind,
      routers: routers.length,
      since: new Date(sinceMs).toISOString(),
      ends: isoTime(endsAtMs),
    })),
    rollback: rollbackView(status.rollback),
    standbyFor: status.standbyFor ?? null,
    writeError: status.writeError ?? null,
    stateError: status.stateError ?? null,
    directoryError: status.refusedFor ?? null,
    traefik: traefikView(status.traefik),
    diagnostics: [...countByCode(status.diagnostics)],
  };
}

/** All are live but those that a hold or a missing server concerns, which are few. */
function countStates(status: ChartStatus): Record<RouteState, number> {
  const counts: Record<RouteState, number> = { live: 0, held: 0, emptied: 0, sleeping: 0, disabled: 0, untaken: 0 };
  const standing = standingsIn(status);
  for (const { key } of status.chart === undefined ? [] : routersOf(status.chart)) counts[standing(key).state] += 1;
  return counts;
}

function rollbackView(rollback: RollbackReport | undefined) {
  if (rollback === undefined) return null;
  const { number, sinceMs, withheldChanges } = rollback;
  return { version: number, since: new Date(sinceMs).toISOString(), withheldChanges };
}

function countOf(chart: DynamicConfig | undefined, kind: string): number {
  if (chart === undefined) return 0;
  return SECTIONS.filter((section) => kindOf(section) === kind).reduce((sum, section) => sum + chart[section].size, 0);
}
