import { hostname } from "node:os";
import { resolve } from "node:path";
import { writtenAddress } from "../api/daemon-address.ts";
import type { StatusAnswer } from "../api/resources/status.ts";
import { systemClock } from "../base/clock.ts";
import { createNotice } from "../base/notice.ts";
import type { Settings } from "../config/files/schema.ts";
import { runInTurns } from "../daemon/run-in-turns.ts";
import { createLiveFeed } from "../observe/live/live-feed.ts";
import type { EventLog } from "../observe/log/event-log.ts";
import { judgeReadiness, withEdge } from "../observe/status/readiness.ts";
import { readPageFiles } from "../web/page-file.ts";
import { startWebServer, type WebParts, type WebServer } from "../web/server.ts";
import { type AnswerParts, apiAnswers, namedCharts, statusAnswer } from "./api-answers.ts";
import type { App } from "./app.ts";
import type { Edge } from "./edges/edge.ts";
import { readCatalogs } from "./explain/read-catalogs.ts";
import { pageSource } from "./process/page-source.ts";
import { showMetrics } from "./shown-metrics.ts";

/** Starts the listener for health, readiness, status and metrics. Throws AppError where the address cannot be had. */
export function startListener(settings: Settings, app: App, log: EventLog): Promise<WebServer> {
  const { edges, catalogs, metrics } = app;
  const [main, ...others] = edges;
  const watched = () => catalogs.map((catalog) => catalog.watched());
  const readinessOf = ({ status }: Edge) => judgeReadiness(status(), watched(), systemClock.nowMs());
  const readiness = () => others.reduce((sum, edge) => withEdge(sum, edge.name, readinessOf(edge)), readinessOf(main));
  const parts: AnswerParts = {
    stateDir: resolve(settings.stateDir),
    catalogs: readCatalogs(settings),
    serve: settings.serve === undefined ? null : writtenAddress(settings.serve.listen),
    readiness,
    watched,
  };
  const live = liveFeed(app, () => statusAnswer(app, parts), log);
  return startWebServer(
    { ...settings.listen, names: ownNames(settings.listenNames) },
    {
      readiness,
      files: readPageFiles(pageSource()),
      live,
      resources: apiAnswers(app, parts),
      async metrics() {
        showMetrics(app, { readiness, readinessOf, streams: live.feed.streams });
        return { text: await metrics.text(), contentType: metrics.contentType };
      },
    },
  );
}

/** What streams are told, made where it is not in the way of a pass. */
function liveFeed(app: App, status: () => StatusAnswer, log: EventLog): NonNullable<WebParts["live"]> {
  const frames = createNotice();
  const feed = createLiveFeed({
    events: app.events,
    clock: systemClock,
    charts: () => namedCharts(app),
    status,
    links: app.links,
    run: (steps) => runInTurns(steps, systemClock),
    told: frames.give,
    failed: (error) =>
      log.emit(
        "listener.failed",
        `pages and streams read anew what could not be told: ${error instanceof Error ? error.message : String(error)}`,
      ),
  });
  app.news.follow(feed.changed);
  return { feed, follow: frames.follow };
}

/** This machine's name, long and short, and those of the settings. */
function ownNames(listenNames: readonly string[]): ReadonlySet<string> {
  const machine = hostname();
  const names = [machine, machine.split(".", 1)[0] ?? machine, ...listenNames];
  return new Set(names.map((name) => name.toLowerCase()));
}
