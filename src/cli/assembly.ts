import { join } from "node:path";
import { systemClock } from "../clock.ts";
import { coreSettings } from "../config/core-settings.ts";
import type { Settings } from "../config/schema.ts";
import { mayBeExposed } from "../core/traefik/enable.ts";
import { CHART_HEADER } from "../core/traefik/render.ts";
import { createDaemon, type Daemon } from "../daemon/daemon.ts";
import { KEPT_FORMAT, LAST_GOOD_FORMAT } from "../daemon/kept-state.ts";
import { createQuietWindow } from "../daemon/quiet-window.ts";
import { AppError, EXIT_CODES } from "../errors.ts";
import type { EventLog } from "../observe/event-log.ts";
import { createMetrics, type Metrics } from "../observe/metrics.ts";
import { createTelemetry, type Telemetry } from "../observe/telemetry.ts";
import { removeStale } from "../output/atomic-file.ts";
import { createChartFile } from "../output/chart-file.ts";
import { checkOutput } from "../output/check-output.ts";
import { chooseStagingDir } from "../output/staging-dir.ts";
import { createStateFile } from "../output/state-file.ts";
import type { Snippets } from "../snippets/snippets.ts";
import type { CatalogSource } from "../sources/source.ts";
import { readToken } from "../sources/token.ts";
import { type ChosenCatalog, chosenCatalog, sourceName } from "./catalogs/chosen.ts";
import { openCatalog } from "./catalogs/open.ts";
import { openSnippets, refuseChartFolder } from "./operator-snippets.ts";
import { decodeKeptState, decodeStoredSlice } from "./stored-state.ts";
import { packageVersion } from "./version.ts";

/** Everything that works together in `run`, `once` and `demo`. */
export interface Assembly {
  readonly daemon: Daemon;
  readonly source: CatalogSource;
  readonly snippets: Snippets;
  readonly telemetry: Telemetry;
  readonly metrics: Metrics;
  /** Settings that count from the next pass on; those that need a restart are ignored here. */
  adopt(settings: Settings): Promise<void>;
  close(): void;
}

/**
 * Puts the parts together: the only place that knows concrete classes. Checks the output first and throws AppError (exit
 * code 78) where nothing that is written could reach Traefik.
 */
export async function assemble(initial: Settings, log: EventLog): Promise<Assembly> {
  let settings = initial;
  let core = coreSettings(initial);
  const { output, stateDir } = settings;
  refuseChartFolder(settings);
  const catalog = chosenCatalog(settings);
  const staging = await chooseStagingDir({ outputPath: output.file, stateDir });
  const problems = await checkOutput({ path: output.file, stagingDir: staging.dir });
  const errors = problems.filter(({ severity }) => severity === "error");
  if (errors.length > 0) throw badOutput(errors.map(({ message }) => `output.file: ${message}`).join("\n"));
  for (const warning of [staging.warning, ...problems.map(({ message }) => message)]) {
    if (warning !== undefined) log.emit("chart.warning", warning);
  }
  warnOfTokenFile(catalog, log);
  await removeStale({ path: output.file, stagingDir: staging.dir });

  const metrics = createMetrics(catalog.name);
  const telemetry = createTelemetry({
    log,
    metrics,
    clock: systemClock,
    version: packageVersion(),
    output: output.file,
  });
  const quietWindow = createQuietWindow({
    clock: systemClock,
    timing: () => ({ quietMs: settings.publish.quiet, maxDelayMs: settings.publish.maxDelay }),
  });
  const { source, close } = await openCatalog(catalog, {
    source: sourceName(catalog, settings.traefik.prefix),
    reporter: telemetry,
    isWatched: (tags) => mayBeExposed(catalog.name, tags, settings.traefik.prefix, settings.traefik.exposedByDefault),
    changed: () => quietWindow.changed(),
  });
  const snippets = openSnippets(
    () => settings,
    telemetry,
    () => quietWindow.changed(),
  );
  await snippets.start();
  const daemon = createDaemon({
    source,
    chart: createChartFile({
      path: output.file,
      stagingDir: staging.dir,
      header: CHART_HEADER,
      mode: output.mode,
      owner: output,
    }),
    lastGood: createStateFile({
      path: join(stateDir, "last-good.json"),
      format: LAST_GOOD_FORMAT,
      decode: decodeStoredSlice,
    }),
    kept: createStateFile({ path: join(stateDir, "chart-state.json"), format: KEPT_FORMAT, decode: decodeKeptState }),
    quietWindow,
    clock: systemClock,
    observer: telemetry,
    settings: () => core,
    statics: () => snippets.statics(),
  });

  return {
    daemon,
    source,
    snippets,
    telemetry,
    metrics,
    async adopt(next) {
      const { consul, nomad, listen } = initial;
      refuseChartFolder({ ...next, output });
      settings = { ...next, consul, nomad, output, stateDir, listen };
      core = coreSettings(settings);
      log.setLevel(next.log.level);
      await snippets.reload();
      quietWindow.changed();
    },
    close,
  };
}

/** A file that is not there yet is no reason to end: it may come with the first token. */
function warnOfTokenFile({ name, settings: { token, tokenFile } }: ChosenCatalog, log: EventLog): void {
  if (tokenFile === undefined || readToken(tokenFile) !== undefined) return;
  const instead = token === undefined ? "asking without a token" : `using ${name}.token`;
  log.emit("settings.warning", `${name}.tokenFile: ${tokenFile} cannot be read; ${instead} until it can`);
}

function badOutput(message: string): AppError {
  return new AppError(message, { code: "E_OUTPUT_UNUSABLE", retryable: false, exitCode: EXIT_CODES.badSettings });
}
