import { systemClock } from "../../base/clock.ts";
import { MAIN_EDGE } from "../../core/settings.ts";
import type { EventLog } from "../../observe/log/event-log.ts";
import { createPortStatusLog } from "../../observe/log/port-status-log.ts";
import { createPortMetrics } from "../../observe/metrics/port-metrics.ts";
import type { Metrics } from "../../observe/metrics/registry.ts";
import type { PortSurveyObserver } from "../../observe/observer.ts";
import type { RecentEvents } from "../../observe/status/recent-events.ts";

/** The log, the metrics and what clients follow, behind one observer. What concerns the ports of all charts is found under the main one. */
export function observePorts({
  log,
  metrics,
  events,
}: {
  readonly log: EventLog;
  readonly metrics: Metrics;
  readonly events: RecentEvents;
}): PortSurveyObserver {
  const statuses = createPortStatusLog(log, (event, message) => {
    events.add({ atMs: systemClock.nowMs(), chart: MAIN_EDGE, tell: () => ({ event, message }) });
  });
  const { portsSurveyed } = createPortMetrics(metrics.ports);
  return {
    portsSurveyed(survey) {
      portsSurveyed(survey);
      statuses.portsSurveyed(survey);
    },
    portsUnsurveyed: statuses.portsUnsurveyed,
  };
}
