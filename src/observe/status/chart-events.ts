import { type RouteChange, sectionOfChange } from "../../core/changes/route-change.ts";
import { type DynamicConfig, resourceKey, routerLabel } from "../../core/traefik/chart/dynamic-config.ts";
import type { ChartListener } from "../fan-out.ts";
import { createHoldLog } from "../log/chart/hold-log.ts";
import { createRollbackLog } from "../log/chart/rollback-log.ts";
import type { EventLog } from "../log/event-log.ts";
import { routeLine } from "../log/route-line.ts";
import type { RecentEvent, RecentEvents } from "./recent-events.ts";

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
          about: aboutRouter(change, decision.chart, before),
          tell() {
            const { event, message } = routeLine(change);
            return { event, message };
          },
        });
      }
      before = decision.chart;
    },
  };
}

/** The router as it is, or as it was before it went. */
function aboutRouter(
  change: RouteChange,
  chart: DynamicConfig,
  before: DynamicConfig | undefined,
): NonNullable<RecentEvent["about"]> {
  const { router: name, service } = change;
  const section = sectionOfChange(change);
  if (section === undefined) return { name, service, place: undefined };
  const router = chart[section].get(name) ?? before?.[section].get(name);
  const place = router === undefined ? undefined : { section, name, router };
  return { name: routerLabel(resourceKey(section, name)), service, place };
}
