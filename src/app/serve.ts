import { systemClock } from "../base/clock.ts";
import type { Settings } from "../config/files/schema.ts";
import { settingsFileTitle } from "../config/files/settings-file.ts";
import { type TakeOrdersParts, takeOrders } from "../control/take-orders.ts";
import type { EventLog } from "../observe/log/event-log.ts";
import { createMemoryLog } from "../observe/log/memory-log.ts";
import { rangeView } from "../observe/status/port-fields.ts";
import type { WebServer } from "../web/server.ts";
import { type App, openApp } from "./app.ts";
import type { OpenedCatalog } from "./catalogs/watched.ts";
import { startChartListener } from "./chart-listener/chart-listener.ts";
import { controlActions } from "./control-actions.ts";
import { type DaemonSignals, handleSignals } from "./daemon-signals.ts";
import { startListener } from "./listener.ts";
import { watchMemory } from "./process/memory-watch.ts";
import { keepHeapSmall } from "./process/small-heap.ts";
import { packageVersion } from "./process/version.ts";

export interface ServeOptions {
  /** The operator has confirmed that what the settings take away at this start is meant to go. */
  readonly isConfirmed: boolean;
  /** Gives the settings anew, on SIGHUP. */
  reload(): Promise<Settings>;
}

/** Runs the daemon with its listeners until aborted. */
export async function serve(
  settings: Settings,
  log: EventLog,
  signal: AbortSignal,
  { isConfirmed, reload }: ServeOptions,
): Promise<void> {
  const app = await openApp(settings, log, isConfirmed);
  const web = await startListener(settings, app, log);
  const chartListener = await startChartListener(settings, app.edges, log);
  logStart(log, settings, app, web);
  const unwatchMemory = watchMemory(
    createMemoryLog({
      log,
      services: () => servicesOf(app),
      environment: process.env,
      shown: (isShort) => app.metrics.daemon.memoryShort.set(isShort ? 1 : 0),
    }),
  );
  keepHeapSmallAfterStart(app);
  const signals = handleSignals(app, log, signal, reload);
  try {
    // Should one of them break, the others must not go on alone as if nothing had happened.
    const broken = new AbortController();
    const all = AbortSignal.any([signal, broken.signal]);
    const running = [
      // Other services may be watched after a reload.
      ...app.catalogs.map(({ source }) => runAgainAfterReloads(source, signals, all)),
      app.snippets.run(all),
      // A Nomad that did not answer before the reload is asked soon, not when the next question would have been due.
      runAgainAfterReloads(app.dynamicPorts, signals, all),
      // The ledger may be another one after a reload.
      app.portSurveys.run(all, signals.restart),
      ...(app.allocations === undefined ? [] : [app.allocations.run(all)]),
      // The settings may name another API, or its password, after a reload.
      ...app.edges.map(({ traefik }) => runAgainAfterReloads(traefik, signals, all)),
      // The catalog is watched meanwhile, so that a portolan that stands by takes over with what is true then.
      ...app.edges.map(async (edge) => {
        await edge.takeChart(all);
        // The process that writes the main chart has the state directory and its socket; one that stands by must not take it.
        const orders = edge === app.edges[0] ? takeOrders(orderParts(settings, app, log), all) : undefined;
        await Promise.all([edge.run(all), orders]);
      }),
    ];
    await Promise.all(running).finally(() => broken.abort());
  } finally {
    signals.dispose();
    unwatchMemory();
    for (const edge of app.edges) await edge.releaseChart();
    await app.close();
    await web.close();
    await chartListener?.close();
  }
  log.emit("daemon.stopped", `stopped; ${settings.output.file} stays as it is`);
}

/** A start is over when there is a first chart. */
function keepHeapSmallAfterStart({ edges, news }: App): void {
  let isStarting = true;
  news.follow(() => {
    if (!isStarting || edges.every(({ status }) => status().lastPass === undefined)) return;
    isStarting = false;
    keepHeapSmall();
  });
}

/** How many services the catalogs have that are watched. */
function servicesOf({ catalogs }: App): number {
  return catalogs.reduce((sum, catalog) => sum + catalog.watched().status.services, 0);
}

/** Runs until aborted, and begins anew after each reload. */
async function runAgainAfterReloads(
  one: { run(signal: AbortSignal): Promise<void> },
  signals: DaemonSignals,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) await one.run(AbortSignal.any([signal, signals.restart()]));
}

/** Where the control socket cannot be made, the chart is kept up to date all the same, without orders. */
function orderParts({ stateDir }: Settings, { edges }: App, log: EventLog): TakeOrdersParts {
  return {
    stateDir,
    actions: controlActions(edges, log),
    clock: systemClock,
    unavailable: ({ code, message }) => log.emit("control.unavailable", message, { code }),
  };
}

function logStart(log: EventLog, { output, stateDir, settingsFile }: Settings, app: App, web: WebServer): void {
  const version = packageVersion();
  const dynamicPorts = rangeView(app.dynamicPorts.range());
  log.emit(
    "daemon.started",
    `portolan ${version} charts ${app.catalogs.map(namedTitle).join(", ")} into ${output.file}; settings from ${settingsFileTitle(settingsFile)}; dynamic ports ${dynamicPorts.ports} (${dynamicPorts.origin}); status at ${web.url}/v1/status`,
    {
      version,
      ...sourcesOf(app),
      ...(settingsFile === undefined ? {} : { settings: settingsFile.path }),
      output: output.file,
      stateDir,
      listen: web.url,
      dynamicPorts,
    },
  );
}

function namedTitle({ name, title }: OpenedCatalog): string {
  return name === undefined ? title : `${name} (${title})`;
}

/** As data: the one that has no name, or all by their names. */
function sourcesOf({ catalogs }: App): Readonly<Record<string, unknown>> {
  const [first] = catalogs;
  if (first !== undefined && first.name === undefined) return { source: first.source.source };
  return { sources: catalogs.map(({ name, source }) => ({ name, source: source.source })) };
}
