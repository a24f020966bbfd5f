import { systemClock } from "../../base/clock.ts";
import { fanOutChart } from "../../observe/fan-out.ts";
import { createDaemonLog } from "../../observe/log/daemon-log.ts";
import type { EventLog } from "../../observe/log/event-log.ts";
import { createChartMetrics } from "../../observe/metrics/chart-metrics.ts";
import type { Metrics } from "../../observe/metrics/registry.ts";
import { createTraefikMetrics } from "../../observe/metrics/traefik-metrics.ts";
import type { ChartObserver } from "../../observe/observer.ts";
import { createChartEvents } from "../../observe/status/chart-events.ts";
import { type ChartStatus, createStatusKeeper } from "../../observe/status/chart-status.ts";
import type { RecentEvents } from "../../observe/status/recent-events.ts";
import { packageVersion } from "../process/version.ts";

/** What is reported about one chart goes here; its status comes out. */
export interface EdgeReports {
  readonly observer: ChartObserver;
  status(): ChartStatus;
}

export interface ObservedEdge {
  readonly log: EventLog;
  readonly metrics: Metrics;
  readonly events: RecentEvents;
  readonly edge: string;
  /** The chart's path. */
  readonly output: string;
  /** The label `source` of a catalog that has no name in the settings. */
  readonly source: string;
  /** Called when its status is another one. */
  changed(): void;
}

/** The log, the metrics and the status of one chart behind one observer. */
export function observeEdge({ log, metrics, events, edge, output, source, changed }: ObservedEdge): EdgeReports {
  const clock = systemClock;
  const status = createStatusKeeper({ clock, version: packageVersion(), output, changed });
  const observer = fanOutChart([
    createDaemonLog({ log, edge, output, clock }),
    createChartMetrics({ families: metrics.charts, edge, source, clock }),
    createChartEvents(events, { chart: edge, output, nowMs: clock.nowMs }),
    createTraefikMetrics({ families: metrics.traefiks, edge }),
    status,
  ]);
  return { observer, status: status.current };
}
