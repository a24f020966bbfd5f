import { systemClock } from "../base/clock.ts";
import { AppError } from "../base/errors.ts";
import type { ScrapeTarget } from "../core/targets/target.ts";
import { showChartState } from "../observe/metrics/chart-state-metrics.ts";
import { showDaemon } from "../observe/metrics/daemon-metrics.ts";
import { showSource } from "../observe/metrics/source-metrics.ts";
import { showTargets } from "../observe/metrics/target-metrics.ts";
import { isSilent, type Readiness } from "../observe/status/readiness.ts";
import { wholeScrapeTargets } from "../observe/status/scrape-targets-view.ts";
import type { App } from "./app.ts";
import type { Edge } from "./edges/edge.ts";

/** What the metrics need of the listener: beside its streams the judgement that `/readyz` tells, of all charts and of each. */
export interface ListenerReading {
  /** Open streams of events. */
  streams(): number;
  readiness(): Readiness;
  readinessOf(edge: Edge): Readiness;
}

/**
 * Sets the metrics of what stands, rather than happens, to what is true now; called whenever the metrics are read. They are made of
 * what `/v1/status` and `/readyz` are made of.
 */
export function showMetrics(app: App, { streams, readiness, readinessOf }: ListenerReading): void {
  const { edges, metrics } = app;
  const [main] = edges;
  const { version } = main.status();
  showDaemon(metrics.daemon, { version, isReady: readiness().isReady, streams: streams() });
  for (const edge of edges) showChartState(metrics.chartStates, edge.name, edge.status(), readinessOf(edge));
  showSources(app);
  showTargets(metrics.targets, targetSources(app));
}

/** Of each target whose word it is; undefined while there is no list. */
function targetSources({ edges: [main] }: App): readonly ScrapeTarget["source"][] | undefined {
  try {
    return wholeScrapeTargets(main.status(), systemClock.nowMs()).map(({ source }) => source);
  } catch (error) {
    if (error instanceof AppError) return undefined;
    throw error;
  }
}

function showSources({ edges, catalogs, metrics }: App): void {
  const [main] = edges;
  const { startedAtMs } = main.status();
  const nowMs = systemClock.nowMs();
  for (const { name, label, source, watched } of catalogs) {
    const catalog = watched();
    const { lastSuccessAtMs, openRequests, answerAgeMs, eventStream, partialViewReasons } = catalog.status;
    const isRead = source.snapshot() !== undefined;
    const reading = {
      isUp: isRead && !isSilent(catalog, startedAtMs, nowMs),
      isBlind: isBlind(edges, name),
      signs: isRead ? partialViewReasons : undefined,
      answeredAtMs: lastSuccessAtMs ?? startedAtMs,
      openRequests,
      answerAgeMs,
      eventStreams: eventStream?.open,
    };
    showSource(metrics.sources, label, reading, nowMs);
  }
}

/** Whether a chart is made of a catalog that may hide something it showed; undefined while none is made of its own answers. */
function isBlind(edges: App["edges"], catalogName: string | undefined): boolean | undefined {
  const charted = edges
    .flatMap(({ status }) => status().lastPass?.snapshots ?? [])
    .filter((snapshot) => snapshot.catalogName === catalogName && snapshot.freshness === "live");
  return charted.length === 0 ? undefined : charted.some(({ blind }) => blind !== undefined);
}
