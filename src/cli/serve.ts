import { systemClock } from "../clock.ts";
import type { Settings } from "../config/schema.ts";
import { AppError } from "../errors.ts";
import type { EventLog } from "../observe/event-log.ts";
import { chartView, judgeReadiness, statusView, withEdge } from "../observe/status.ts";
import { startWebServer, type WebServer } from "../web/server.ts";
import { type Assembly, assemble } from "./assembly.ts";
import { chosenCatalog } from "./catalogs/chosen.ts";
import type { Edge } from "./edge.ts";
import { packageVersion } from "./version.ts";

/** Runs the daemon with its listener until aborted. `reload` gives the settings anew on SIGHUP. */
export async function serve(
  settings: Settings,
  log: EventLog,
  signal: AbortSignal,
  reload: () => Promise<Settings>,
): Promise<void> {
  const assembly = await assemble(settings, log);
  const web = await listen(settings, assembly);
  log.emit(
    "daemon.started",
    `portolan ${packageVersion()} charts ${assembly.source.source} into ${settings.output.file}; status at ${web.url}/v1/status`,
    {
      version: packageVersion(),
      source: assembly.source.source,
      output: settings.output.file,
      stateDir: settings.stateDir,
      listen: web.url,
    },
  );
  const signals = handleSignals(assembly, log, signal, reload);
  try {
    // Should one of them break, the others must not go on alone as if nothing had happened.
    const broken = new AbortController();
    const all = AbortSignal.any([signal, broken.signal]);
    const running = [
      watchUntilAborted(assembly, signals, all),
      assembly.snippets.run(all),
      // The catalog is watched meanwhile, so that who stands by takes over with what is true then.
      ...assembly.edges.map(async (edge) => {
        await edge.takeChart(all);
        await edge.run(all);
      }),
    ];
    await Promise.all(running).finally(() => broken.abort());
  } finally {
    signals.dispose();
    for (const edge of assembly.edges) await edge.releaseChart();
    await assembly.close();
    await web.close();
  }
  log.emit("daemon.stopped", `stopped; ${settings.output.file} stays as it is`);
}

/** The source watches until aborted; after a reload it starts again, since it reads other services then. */
async function watchUntilAborted({ source }: Assembly, signals: Signals, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) await source.run(AbortSignal.any([signal, signals.restart()]));
}

interface Signals {
  /** Aborted at the next reload. */
  restart(): AbortSignal;
  dispose(): void;
}

function handleSignals(
  assembly: Assembly,
  log: EventLog,
  signal: AbortSignal,
  reload: () => Promise<Settings>,
): Signals {
  let restarting = new AbortController();
  async function readSettingsAgain(): Promise<void> {
    try {
      await assembly.adopt(await reload());
      log.emit(
        "settings.reloaded",
        "settings read again; catalog address, files and listener count only after a restart",
      );
      restarting.abort();
      restarting = new AbortController();
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      log.emit("settings.refused", `${error.message}\nthe old settings stay in force`, { code: error.code });
    }
  }
  async function readCatalogAgain(): Promise<void> {
    try {
      await assembly.source.confirm(signal);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      log.emit("source.unconfirmed", `the catalog could not be read again: ${error.message}`, { code: error.code });
    }
  }
  const handlers: ReadonlyArray<readonly [NodeJS.Signals, () => void]> = [
    ["SIGHUP", () => void readSettingsAgain()],
    ["SIGUSR2", () => void readCatalogAgain()],
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

/** A long poll lasts a wait and a sixteenth; two of them without an answer mean trouble. */
function staleAfterMs(settings: Settings): number {
  return 2 * chosenCatalog(settings).settings.wait * (17 / 16) + 10_000;
}

function listen(settings: Settings, { edges, source, metrics }: Assembly): Promise<WebServer> {
  const [main, ...others] = edges;
  const readinessOf = ({ telemetry }: Edge) =>
    judgeReadiness(telemetry.standing(), source.state(), staleAfterMs(settings), systemClock.nowMs());
  const readiness = () => others.reduce((sum, edge) => withEdge(sum, edge.name, readinessOf(edge)), readinessOf(main));
  return startWebServer(settings.listen, {
    readiness,
    status: () => ({
      ...statusView(main.telemetry.standing(), source.state(), readiness(), systemClock.nowMs()),
      edges: others.map(({ name, telemetry }) => ({ name, ...chartView(telemetry.standing()) })),
    }),
    async metrics() {
      const { lastSuccessAtMs, openRequests, answerAgeMs } = source.state();
      const sinceMs = lastSuccessAtMs ?? main.telemetry.standing().startedAtMs;
      metrics.setOfSource("portolan_source_age_seconds", (systemClock.nowMs() - sinceMs) / 1000);
      metrics.setOfSource("portolan_source_open_requests", openRequests);
      if (answerAgeMs !== undefined) metrics.setOfSource("portolan_source_answer_age_seconds", answerAgeMs / 1000);
      return { text: await metrics.text(), contentType: metrics.contentType };
    },
  });
}
