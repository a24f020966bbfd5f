import { hostname } from "node:os";
import { dirname, join, resolve } from "node:path";
import { systemClock } from "../../base/clock.ts";
import { AppError, EXIT_CODES } from "../../base/errors.ts";
import type { Settings } from "../../config/files/schema.ts";
import type { OperatorConfig } from "../../core/operator-config/operator-config.ts";
import type { CoreSettings } from "../../core/settings.ts";
import { CHART_HEADER } from "../../core/traefik/chart/render.ts";
import type { DaemonCatalog } from "../../daemon/catalog-snapshot.ts";
import type { ChartVersions } from "../../daemon/chart-versions.ts";
import { createDaemon, type Daemon } from "../../daemon/daemon.ts";
import { createPacedVersions } from "../../daemon/paced-versions.ts";
import { createQuietWindow, type QuietWindow } from "../../daemon/quiet-window.ts";
import type { EventLog } from "../../observe/event-log.ts";
import { MAIN_EDGE, type Telemetry } from "../../observe/telemetry.ts";
import { createChartFile } from "../../output/chart/chart-file.ts";
import { watchChart } from "../../output/chart/chart-watch.ts";
import { checkOutput } from "../../output/chart/check-output.ts";
import { whyUnreadable } from "../../output/chart/check-reader.ts";
import { strangersWarning } from "../../output/chart/check-writers.ts";
import { chooseStagingDir } from "../../output/chart/staging-dir.ts";
import { createVersionFiles } from "../../output/chart/version-files.ts";
import { removeStale } from "../../output/files/atomic-file.ts";
import { createWriterLock } from "../../output/lock/writer-lock.ts";
import { createKeptFile, createLastGoodFile, createRollbackFile } from "../stored-state/stored-state.ts";

/** Which tags go into which chart. */
export interface EdgePlan {
  readonly name: string;
  readonly prefix: string;
  readonly file: string;
}

/** One chart for one Traefik (or one group of equal ones), made from the tags with its prefix. */
export interface Edge {
  readonly name: string;
  readonly daemon: Daemon;
  readonly telemetry: Telemetry;
  readonly versions: ChartVersions;
  /**
   * Waits until no other portolan writes the chart, then takes stock of what is on disk; without a signal it does not wait.
   * Throws AppError: E_OUTPUT_TAKEN then, and where the output belongs to somebody else or cannot be read.
   */
  takeChart(signal?: AbortSignal): Promise<void>;
  /** Passes, and puts the file right when somebody meddled with it, until aborted. */
  run(signal: AbortSignal): Promise<void>;
  /** Lets another portolan take the chart. */
  releaseChart(): Promise<void>;
}

/** The chart of `output` comes first; then those of `edges`. */
export function edgePlans({ traefik, output, edges }: Pick<Settings, "traefik" | "output" | "edges">): EdgePlan[] {
  for (const { name, file } of edges) {
    if (resolve(file) !== resolve(output.file)) continue;
    throw badOutput(`edges.${name}.file: ${file} is the chart of output.file already; name another file`);
  }
  return [{ name: MAIN_EDGE, prefix: traefik.prefix, file: output.file }, ...edges];
}

export interface EdgeParts {
  readonly settings: Settings;
  /** What the settings take away at this start is meant. */
  readonly isConfirmed: boolean;
  readonly catalogs: readonly Omit<DaemonCatalog, "lastGood">[];
  readonly quietWindow: QuietWindow;
  readonly telemetry: Telemetry;
  readonly log: EventLog;
  core(): CoreSettings;
  operatorConfig(): OperatorConfig;
}

export function edgeQuietWindow(settings: () => Settings): QuietWindow {
  return createQuietWindow({
    clock: systemClock,
    timing: () => ({ quietMs: settings().publish.quiet, maxDelayMs: settings().publish.maxDelay }),
  });
}

/** A person who finds a bad chart wants one from before it. */
const KEPT_VERSIONS = 10;

/** Checks the output first and throws AppError (exit code 78) where nothing that is written could reach Traefik. */
export async function openEdge({ name, prefix, file }: EdgePlan, parts: EdgeParts): Promise<Edge> {
  const { catalogs, quietWindow, telemetry, log } = parts;
  const { output, stateDir } = parts.settings;
  const setting = name === MAIN_EDGE ? "output.file" : `edges.${name}.file`;
  const staging = await chooseStagingDir({ outputPath: file, stateDir });
  const problems = await checkOutput({ path: file, stagingDir: staging.dir });
  const errors = problems.filter(({ severity }) => severity === "error");
  if (errors.length > 0) throw badOutput(errors.map(({ message }) => `${setting}: ${message}`).join("\n"));
  const access = [
    await whyUnreadable({ path: file, mode: output.mode, gid: output.gid }),
    await strangersWarning(dirname(file), "others"),
    name === MAIN_EDGE ? await strangersWarning(stateDir, "group and others") : undefined,
  ];
  for (const warning of [staging.warning, ...access, ...problems.map(({ message }) => message)]) {
    if (warning !== undefined) log.emit("chart.warning", warning);
  }
  const lock = createWriterLock({
    outputPath: file,
    self: `pid ${process.pid} on ${hostname()}`,
    clock: systemClock,
    unprotected: (reason) => log.emit("chart.warning", reason),
  });
  const chart = createChartFile({
    path: file,
    stagingDir: staging.dir,
    header: CHART_HEADER,
    mode: output.mode,
    owner: output,
  });

  const ending = name === MAIN_EDGE ? "" : `-${name}`;
  const versions = createPacedVersions({
    versions: createVersionFiles({ directory: join(stateDir, `versions${ending}`), count: KEPT_VERSIONS }),
    clock: systemClock,
    failed: (error) => telemetry.stateUnsaved(error),
  });
  const daemon = createDaemon({
    // One slice for all charts: the main chart's daemon keeps it.
    catalogs: catalogs.map((catalog) => {
      const lastGood = lastGoodFile(stateDir, catalog.name);
      return {
        ...catalog,
        lastGood: name === MAIN_EDGE ? lastGood : { load: () => lastGood.load(), save: async () => {} },
      };
    }),
    chart: {
      ...chart,
      async publish(text) {
        await lock.confirm();
        return chart.publish(text);
      },
    },
    kept: createKeptFile(join(stateDir, `chart-state${ending}.json`)),
    versions,
    rollback: createRollbackFile(join(stateDir, `rollback${ending}.json`)),
    quietWindow,
    clock: systemClock,
    observer: telemetry,
    settings: withPrefix(parts.core, name === MAIN_EDGE ? undefined : prefix),
    operatorConfig: parts.operatorConfig,
    isConfirmed: parts.isConfirmed,
  });
  return {
    name,
    daemon,
    telemetry,
    versions,
    async takeChart(signal) {
      if (signal === undefined) await lock.confirm();
      else await lock.acquire(signal, (owner) => telemetry.standingBy(owner));
      if (signal?.aborted === true) return;
      telemetry.writesAlone();
      await removeStale({ path: file, stagingDir: staging.dir });
      await daemon.start();
    },
    async run(signal) {
      await Promise.all([daemon.run(signal), watchChart(chart, systemClock, () => quietWindow.changed(), signal)]);
    },
    releaseChart: () => lock.release(),
  };
}

function lastGoodFile(stateDir: string, catalogName: string | undefined): DaemonCatalog["lastGood"] {
  return createLastGoodFile(
    join(stateDir, catalogName === undefined ? "last-good.json" : `last-good-${catalogName}.json`),
  );
}

/** The same settings object as long as nothing is reloaded: translations are remembered by it. */
function withPrefix(core: () => CoreSettings, prefix: string | undefined): () => CoreSettings {
  if (prefix === undefined) return core;
  let known: { readonly from: CoreSettings; readonly settings: CoreSettings } | undefined;
  return () => {
    const from = core();
    if (known?.from !== from) known = { from, settings: { ...from, traefik: { ...from.traefik, prefix } } };
    return known.settings;
  };
}

function badOutput(message: string): AppError {
  return new AppError(message, { code: "E_OUTPUT_UNUSABLE", retryable: false, exitCode: EXIT_CODES.badSettings });
}
