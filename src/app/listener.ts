import { systemClock } from "../base/clock.ts";
import type { Settings } from "../config/files/schema.ts";
import { judgeReadiness, withEdge } from "../observe/readiness.ts";
import { chartView, rangeView, statusView } from "../observe/status.ts";
import { startWebServer, type WebServer } from "../web/server.ts";
import type { App } from "./app.ts";
import type { Edge } from "./edges/edge.ts";

/** Starts the listener for health, readiness, status and metrics. Throws AppError where the address cannot be had. */
export function startListener(settings: Settings, app: App): Promise<WebServer> {
  const { edges, catalogs, dynamicPorts, metrics } = app;
  const [main, ...others] = edges;
  const watched = () => catalogs.map((catalog) => catalog.watched());
  const readinessOf = ({ telemetry }: Edge) => judgeReadiness(telemetry.standing(), watched(), systemClock.nowMs());
  const readiness = () => others.reduce((sum, edge) => withEdge(sum, edge.name, readinessOf(edge)), readinessOf(main));
  return startWebServer(settings.listen, {
    readiness,
    status: () => ({
      ...statusView(main.telemetry.standing(), watched(), readiness(), systemClock.nowMs()),
      dynamicPorts: rangeView(dynamicPorts.range()),
      edges: others.map(({ name, telemetry }) => ({ name, ...chartView(telemetry.standing()) })),
    }),
    async metrics() {
      setSourceFigures(app);
      return { text: await metrics.text(), contentType: metrics.contentType };
    },
  });
}

/** Figures of the catalogs that change by themselves as time passes: set whenever the metrics are read. */
function setSourceFigures({ edges: [main], catalogs, metrics }: App): void {
  for (const { label, source } of catalogs) {
    const { lastSuccessAtMs, openRequests, answerAgeMs } = source.state();
    const sinceMs = lastSuccessAtMs ?? main.telemetry.standing().startedAtMs;
    const figures = metrics.ofSource(label);
    figures.set("portolan_source_age_seconds", (systemClock.nowMs() - sinceMs) / 1000);
    figures.set("portolan_source_open_requests", openRequests);
    if (answerAgeMs !== undefined) figures.set("portolan_source_answer_age_seconds", answerAgeMs / 1000);
  }
}
