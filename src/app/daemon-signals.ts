import { AppError } from "../base/errors.ts";
import type { Settings } from "../config/files/schema.ts";
import { settingsFileTitle } from "../config/files/settings-file.ts";
import type { EventLog } from "../observe/log/event-log.ts";
import type { App } from "./app.ts";
import type { OpenedCatalog } from "./catalogs/watched.ts";

export interface DaemonSignals {
  /** Aborted at the next reload: the catalogs are watched anew then, since other services may count. */
  restart(): AbortSignal;
  /** Takes the handlers away. */
  dispose(): void;
}

/**
 * Handles the signals of a running daemon: SIGHUP reads the settings again, SIGUSR2 reads every catalog again. The signals
 * that end the process are handled elsewhere.
 *
 * @param signal aborted when the daemon stops, which ends reads under way
 * @param reload gives the settings anew; throws AppError where they have problems
 */
export function handleSignals(
  app: App,
  log: EventLog,
  signal: AbortSignal,
  reload: () => Promise<Settings>,
): DaemonSignals {
  let restarting = new AbortController();
  async function readSettingsAgain(): Promise<void> {
    try {
      const settings = await reload();
      await app.adopt(settings);
      app.metrics.reloads.adopted();
      log.emit(
        "settings.reloaded",
        `settings read again from ${settingsFileTitle(settings.settingsFile)}; addresses of catalogs and Nomads, files and listeners count only after a restart`,
      );
      restarting.abort();
      restarting = new AbortController();
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      app.metrics.reloads.refused();
      log.emit("settings.refused", `${inOneLine(error.message)}; the old settings stay in force`, { code: error.code });
    }
  }
  const handlers: ReadonlyArray<readonly [NodeJS.Signals, () => void]> = [
    ["SIGHUP", () => void readSettingsAgain()],
    ["SIGUSR2", () => void Promise.all(app.catalogs.map((catalog) => readAgain(catalog, log, signal)))],
    // Without a handler Node opens its inspector on this signal: a debugger could then enter the process.
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

async function readAgain({ name, source }: OpenedCatalog, log: EventLog, signal: AbortSignal): Promise<void> {
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

/** A list of problems, each on a line of its own, as a line of the log. */
function inOneLine(message: string): string {
  const [what, ...problems] = message.split("\n").map((line) => line.trim());
  return [what, problems.join("; ")].filter((part) => part !== "").join(" ");
}
