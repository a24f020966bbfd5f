import type { RouteChange } from "../../core/changes/route-change.ts";
import {
  type DynamicConfig,
  isRouterSection,
  resourceKey,
  routerLabel,
  sectionOf,
} from "../../core/traefik/chart/dynamic-config.ts";
import { maskRule } from "../../core/traefik/rule/mask-rule.ts";
import type { ChartListener } from "../fan-out.ts";
import { createHoldLog } from "../log/chart/hold-log.ts";
import { createRollbackLog } from "../log/chart/rollback-log.ts";
import type { EventLog } from "../log/event-log.ts";
import { routeLine } from "../log/route-line.ts";
import type { RecentEvents } from "./recent-events.ts";

/** More of one pass are not worth keeping: the next would drop them. */
const MOST_OF_PASS = 500;

/** Hands what happens to the routes of one chart to those who follow it, in the words of the log. */
export function createChartEvents(
  recent: RecentEvents,
  { chart, output, nowMs }: { readonly chart: string; readonly output: string; nowMs(): number },
): ChartListener {
  const log: EventLog = {
    emit(event, message) {
      recent.add({ atMs: nowMs(), chart, tell: () => ({ event, message }) });
    },
    setLevel() {},
  };
  const { held, released } = createHoldLog(log);
  let before: DynamicConfig | undefined;
  return {
    held,
    released,
    ...createRollbackLog(log, output),
    charted({ decision }) {
      for (const change of decision.changes.slice(-MOST_OF_PASS)) {
        recent.add({
          atMs: nowMs(),
          chart,
          about: { ...aboutRouter(change), place: placeIn(change, decision.chart, before) },
          tell() {
            const { event, message } = routeLine({ ...change, rule: maskRule(change.rule) });
            return { event, message };
          },
        });
      }
      before = decision.chart;
    },
  };
}

function aboutRouter(change: RouteChange) {
  const section = sectionOf(change.protocol, "routers");
  const name = section === undefined ? change.router : routerLabel(resourceKey(section, change.router));
  return { name, service: change.service };
}

/** The router as it is, or as it was before it went. */
function placeIn({ protocol, router: name }: RouteChange, chart: DynamicConfig, before: DynamicConfig | undefined) {
  const section = sectionOf(protocol, "routers");
  if (section === undefined || !isRouterSection(section)) return undefined;
  const router = chart[section].get(name) ?? before?.[section].get(name);
  return router === undefined ? undefined : { section, name, router };
}
