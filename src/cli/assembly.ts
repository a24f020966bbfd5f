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
import { createConnectionBudget } from "../sources/connection-budget.ts";
import { createConsulClient } from "../sources/consul/client.ts";
import { createConsulSource } from "../sources/consul/source.ts";
import { createTokenReader, readToken } from "../sources/consul/token.ts";
import { openEndpoint } from "../sources/consul/transport.ts";
import type { CatalogSource } from "../sources/source.ts";
import { decodeKeptState, decodeStoredSlice } from "./stored-state.ts";
import { packageVersion } from "./version.ts";

/** A larger answer is not a catalog's: the biggest that is asked for, one service with thousands of instances, is 2 MB. */
const MAX_ANSWER_BYTES = 32 * 1024 * 1024;

/** Everything that works together in `run`, `once` and `demo`. */
export interface Assembly {
  readonly daemon: Daemon;
  readonly source: CatalogSource;
  readonly telemetry: Telemetry;
  readonly metrics: Metrics;
  /** Settings that count from the next pass on; those that need a restart are ignored here. */
  adopt(settings: Settings): void;
  close(): void;
}

/**
 * Puts the parts together: the only place that knows concrete classes. Checks the output first and throws AppError (exit
 * code 78) where nothing that is written could reach Traefik.
 */
export async function assemble(initial: Settings, log: EventLog): Promise<Assembly> {
  let settings = initial;
  let core = coreSettings(initial);
  const { output, stateDir, consul } = settings;
  const staging = await chooseStagingDir({ outputPath: output.file, stateDir });
  const problems = await checkOutput({ path: output.file, stagingDir: staging.dir });
  const errors = problems.filter(({ severity }) => severity === "error");
  if (errors.length > 0) throw badOutput(errors.map(({ message }) => `output.file: ${message}`).join("\n"));
  for (const warning of [staging.warning, ...problems.map(({ message }) => message)]) {
    if (warning !== undefined) log.emit("chart.warning", warning);
  }
  if (consul.tokenFile !== undefined && readToken(consul.tokenFile) === undefined) {
    const instead = consul.token === undefined ? "asking without a token" : "using consul.token";
    log.emit("settings.warning", `consul.tokenFile: ${consul.tokenFile} cannot be read; ${instead} until it can`);
  }
  await removeStale({ path: output.file, stagingDir: staging.dir });

  const metrics = createMetrics("consul");
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
  const budget = createConnectionBudget(consul.connectionBudget);
  const client = createConsulClient({
    endpoint: openEndpoint(consul.address, consul.tls),
    readToken: createTokenReader(consul),
    budget,
    ...(consul.datacenter === undefined ? {} : { datacenter: consul.datacenter }),
    ...(consul.namespace === undefined ? {} : { namespace: consul.namespace }),
    ...(consul.partition === undefined ? {} : { partition: consul.partition }),
    waitMs: consul.wait,
    maxAnswerBytes: MAX_ANSWER_BYTES,
    requested: (endpoint) => telemetry.requested(endpoint),
  });
  const source = createConsulSource({
    source: sourceName(settings),
    client,
    budget,
    parallelReads: consul.parallelReads,
    clock: systemClock,
    random: Math.random,
    reporter: telemetry,
    isWatched: (tags) => mayBeExposed(tags, settings.traefik.prefix, settings.traefik.exposedByDefault),
    changed: () => quietWindow.changed(),
  });
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
  });

  return {
    daemon,
    source,
    telemetry,
    metrics,
    adopt(next) {
      settings = { ...next, consul, output, stateDir, listen: initial.listen };
      core = coreSettings(settings);
      log.setLevel(next.log.level);
      quietWindow.changed();
    },
    close: () => client.close(),
  };
}

/** What a slice belongs to. A stored slice of another address, datacenter, namespace or prefix is not ours. */
function sourceName({ consul, traefik }: Settings): string {
  const address = consul.address.replace(/\/\/[^/@]*@/, "//");
  const scope = [consul.datacenter, consul.namespace, consul.partition].map((part) => part ?? "-").join("/");
  return `consul ${address} ${scope} ${traefik.prefix}`;
}

function badOutput(message: string): AppError {
  return new AppError(message, { code: "E_OUTPUT_UNUSABLE", retryable: false, exitCode: EXIT_CODES.badSettings });
}
