import { hostname } from "node:os";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { writtenAddress } from "../api/daemon-address.ts";
import { systemClock } from "../base/clock.ts";
import { AppError } from "../base/errors.ts";
import type { Settings } from "../config/files/schema.ts";
import type { ScrapeTarget } from "../core/targets/target.ts";
import { showSource } from "../observe/metrics/source-metrics.ts";
import { showTargets } from "../observe/metrics/target-metrics.ts";
import { judgeReadiness, withEdge } from "../observe/status/readiness.ts";
import { wholeScrapeTargets } from "../observe/status/scrape-targets-view.ts";
import { readPageFiles } from "../web/page-file.ts";
import { startWebServer, type WebServer } from "../web/server.ts";
import { apiAnswers } from "./api-answers.ts";
import type { App } from "./app.ts";
import type { Edge } from "./edges/edge.ts";
import { readCatalogs } from "./explain/read-catalogs.ts";

/** Where the build has put the page, seen from the sources and from what is built of them. */
const PAGE_FILES = fileURLToPath(new URL("../../dist/page", import.meta.url));

/** Starts the listener for health, readiness, status and metrics. Throws AppError where the address cannot be had. */
export function startListener(settings: Settings, app: App): Promise<WebServer> {
  const { edges, catalogs, metrics } = app;
  const [main, ...others] = edges;
  const watched = () => catalogs.map((catalog) => catalog.watched());
  const readinessOf = ({ status }: Edge) => judgeReadiness(status(), watched(), systemClock.nowMs());
  const readiness = () => others.reduce((sum, edge) => withEdge(sum, edge.name, readinessOf(edge)), readinessOf(main));
  return startWebServer(
    { ...settings.listen, names: ownNames(settings.listenNames) },
    {
      readiness,
      files: readPageFiles(PAGE_FILES),
      resources: apiAnswers(app, {
        stateDir: resolve(settings.stateDir),
        catalogs: readCatalogs(settings),
        serve: settings.serve === undefined ? null : writtenAddress(settings.serve.listen),
        readiness,
        watched,
      }),
      async metrics() {
        showSources(app);
        showTargets(metrics.targets, targetSources(app));
        return { text: await metrics.text(), contentType: metrics.contentType };
      },
    },
  );
}

/** This machine's name, long and short, and those of the settings. */
function ownNames(listenNames: readonly string[]): ReadonlySet<string> {
  const machine = hostname();
  const names = [machine, machine.split(".", 1)[0] ?? machine, ...listenNames];
  return new Set(names.map((name) => name.toLowerCase()));
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

/** Sets the metrics of the catalogs that change as time passes; called whenever the metrics are read. */
function showSources({ edges: [main], catalogs, metrics }: App): void {
  for (const { label, source } of catalogs) {
    const { lastSuccessAtMs, openRequests, answerAgeMs, eventStream } = source.state();
    const answeredAtMs = lastSuccessAtMs ?? main.status().startedAtMs;
    const reading = { answeredAtMs, openRequests, answerAgeMs, eventStreams: eventStream?.open };
    showSource(metrics.sources, label, reading, systemClock.nowMs());
  }
}
