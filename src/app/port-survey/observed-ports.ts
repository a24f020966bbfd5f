import { systemClock } from "../../base/clock.ts";
import type { EventLog } from "../../observe/log/event-log.ts";
import { createPortStatusLog } from "../../observe/log/port-status-log.ts";
import { createPortMetrics } from "../../observe/metrics/port-metrics.ts";
import type { Metrics } from "../../observe/metrics/registry.ts";
import type { PortSurveyObserver } from "../../observe/observer.ts";
import type { RecentEvents } from "../../observe/status/recent-events.ts";

/** Under which chart those who follow what happens find what concerns the ports of all charts. */
const CHART = "main";

/** The log, the metrics and what clients follow, behind one observer. */
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
    events.add({ atMs: systemClock.nowMs(), chart: CHART, tell: () => ({ event, message }) });
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
