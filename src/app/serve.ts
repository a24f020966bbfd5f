import { systemClock } from "../base/clock.ts";
import { AppError } from "../base/errors.ts";
import type { Settings } from "../config/files/schema.ts";
import { type ControlServer, startControlServer } from "../control/control-server.ts";
import type { EventLog } from "../observe/event-log.ts";
import { judgeReadiness, withEdge } from "../observe/readiness.ts";
import { chartView, rangeView, statusView } from "../observe/status.ts";
import type { CatalogSource } from "../sources/catalog/source.ts";
import { startWebServer, type WebServer } from "../web/server.ts";
import { type App, assembleApp } from "./app.ts";
import type { OpenedCatalog } from "./catalogs/watched.ts";
import { controlActions } from "./control-actions.ts";
import type { Edge } from "./edges/edge.ts";
import { packageVersion } from "./version.ts";

export interface ServeOptions {
  /** What the settings take away at this start is meant. */
  readonly isConfirmed: boolean;
  /** Gives the settings anew, on SIGHUP. */
  reload(): Promise<Settings>;
}

/** Runs the daemon with its listener until aborted. */
export async function serve(
  settings: Settings,
  log: EventLog,
  signal: AbortSignal,
  { isConfirmed, reload }: ServeOptions,
): Promise<void> {
  const app = await assembleApp(settings, log, isConfirmed);
  const web = await listen(settings, app);
  const dynamic = rangeView(app.dynamicPorts.range());
  log.emit(
    "daemon.started",
    `portolan ${packageVersion()} charts ${app.catalogs.map(titleOf).join(", ")} into ${settings.output.file}; dynamic ports ${dynamic.ports} (${dynamic.origin}); status at ${web.url}/v1/status`,
    {
      version: packageVersion(),
      ...sourcesOf(app),
      output: settings.output.file,
      stateDir: settings.stateDir,
      listen: web.url,
      dynamicPorts: dynamic,
    },
  );
  let control: ControlServer | undefined;
  const signals = handleSignals(app, log, signal, reload);
  try {
    // Should one of them break, the others must not go on alone as if nothing had happened.
    const broken = new AbortController();
    const all = AbortSignal.any([signal, broken.signal]);
    const running = [
      ...app.catalogs.map(({ source }) => watchUntilAborted(source, signals, all)),
      app.snippets.run(all),
      followPorts(app, signals, all),
      // The catalog is watched meanwhile, so that who stands by takes over with what is true then.
      ...app.edges.map(async (edge) => {
        await edge.takeChart(all);
        // Who writes the main chart has the state directory and its socket; who stands by must not take it away.
        if (edge === app.edges[0] && !all.aborted) {
          control = await takeOrders(settings, app, log);
        }
        await edge.run(all);
      }),
    ];
    await Promise.all(running).finally(() => broken.abort());
  } finally {
    signals.dispose();
    await control?.close();
    for (const edge of app.edges) await edge.releaseChart();
    await app.close();
    await web.close();
  }
  log.emit("daemon.stopped", `stopped; ${settings.output.file} stays as it is`);
}

/** The chart goes on where no orders can be taken. */
async function takeOrders({ stateDir }: Settings, { edges }: App, log: EventLog): Promise<ControlServer | undefined> {
  try {
    return await startControlServer(stateDir, controlActions(edges));
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    log.emit("control.unavailable", error.message, { code: error.code });
    return undefined;
  }
}

function titleOf({ name, source }: OpenedCatalog): string {
  return name === undefined ? source.source : `${name} (${source.source})`;
}

/** As data: the one that has no name, or all by their names. */
function sourcesOf({ catalogs }: App): Readonly<Record<string, unknown>> {
  const [first] = catalogs;
  if (first !== undefined && first.name === undefined) return { source: first.source.source };
  return { sources: catalogs.map(({ name, source }) => ({ name, source: source.source })) };
}

/** The source watches until aborted; after a reload it starts again, since it reads other services then. */
async function watchUntilAborted(source: CatalogSource, signals: Signals, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) await source.run(AbortSignal.any([signal, signals.restart()]));
}

/** After a reload a Nomad that did not tell then is asked soon again, not when the next question would have been due. */
async function followPorts({ dynamicPorts }: App, signals: Signals, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) await dynamicPorts.run(AbortSignal.any([signal, signals.restart()]));
}

interface Signals {
  /** Aborted at the next reload. */
  restart(): AbortSignal;
  dispose(): void;
}

function handleSignals(app: App, log: EventLog, signal: AbortSignal, reload: () => Promise<Settings>): Signals {
  let restarting = new AbortController();
  async function readSettingsAgain(): Promise<void> {
    try {
      await app.adopt(await reload());
      log.emit(
        "settings.reloaded",
        "settings read again; addresses of catalogs and Nomads, files and listener count only after a restart",
      );
      restarting.abort();
      restarting = new AbortController();
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      log.emit("settings.refused", `${error.message}\nthe old settings stay in force`, { code: error.code });
    }
  }
  async function readAgain({ name, source }: OpenedCatalog): Promise<void> {
    try {
      await source.confirm(signal);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      const catalog = name === undefined ? "the catalog" : `catalog ${name}`;
      log.emit("source.unconfirmed", `${catalog} could not be read again: ${error.message}`, {
        ...(name === undefined ? {} : { catalog: name }),
        code: error.code,
      });
    }
  }
  const handlers: ReadonlyArray<readonly [NodeJS.Signals, () => void]> = [
    ["SIGHUP", () => void readSettingsAgain()],
    ["SIGUSR2", () => void Promise.all(app.catalogs.map(readAgain))],
    // Without a handler Node opens its inspector on this signal: a debugger's door into the only way in.
    ["SIGUSR1", () => {}],
  ];
  for (const [name, handler] of handlers) process.on(name, handler);
  return {
    restart: () => restarting.signal,
    dispose() {
      for (const [name, handler] of handlers) process.off(name, handler);
    },
  };
}

function listen(settings: Settings, { edges, catalogs, dynamicPorts, metrics }: App): Promise<WebServer> {
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
      for (const { label, source } of catalogs) {
        const { lastSuccessAtMs, openRequests, answerAgeMs } = source.state();
        const sinceMs = lastSuccessAtMs ?? main.telemetry.standing().startedAtMs;
        const figures = metrics.ofSource(label);
        figures.set("portolan_source_age_seconds", (systemClock.nowMs() - sinceMs) / 1000);
        figures.set("portolan_source_open_requests", openRequests);
        if (answerAgeMs !== undefined) figures.set("portolan_source_answer_age_seconds", answerAgeMs / 1000);
      }
      return { text: await metrics.text(), contentType: metrics.contentType };
    },
  });
}
