import { hostname } from "node:os";
import { systemClock } from "../../base/clock.ts";
import type { Settings } from "../../config/files/schema.ts";
import type { OperatorConfig } from "../../core/operator-config/operator-config.ts";
import type { CoreSettings } from "../../core/settings.ts";
import { MAIN_EDGE } from "../../core/settings.ts";
import { CHART_HEADER } from "../../core/traefik/chart/render.ts";
import { createDaemon } from "../../daemon/daemon.ts";
import type { DaemonCatalog } from "../../daemon/followed-catalog.ts";
import { createPacedVersions } from "../../daemon/paced-versions.ts";
import { createQuietWindow, type QuietWindow } from "../../daemon/quiet-window.ts";
import { followNeighbours } from "../../neighbours/follow-neighbours.ts";
import { edgeLog } from "../../observe/log/edge-log.ts";
import type { EventLog } from "../../observe/log/event-log.ts";
import { createChartFile } from "../../output/chart/chart-file.ts";
import { watchChart } from "../../output/chart/chart-watch.ts";
import { chooseStagingDir } from "../../output/chart/staging-dir.ts";
import { removeStale } from "../../output/files/atomic-file.ts";
import { createWriterLock } from "../../output/lock/writer-lock.ts";
import { KEEPS_STATE } from "../stored-state/state-access.ts";
import { followTraefik } from "../traefik/followed-traefik.ts";
import { checkEdge } from "./check-edge.ts";
import type { Edge } from "./edge.ts";
import { edgeCore } from "./edge-core.ts";
import type { EdgePlan } from "./edge-plan.ts";
import { openEdgeState } from "./edge-state.ts";
import type { EdgeReports } from "./observed-edge.ts";
import { followText } from "./published-text.ts";

/** What an edge is given besides its plan. */
export interface EdgeParts {
  readonly settings: Settings;
  /** The operator has confirmed that what the settings take away at this start is meant to go. */
  readonly isConfirmed: boolean;
  readonly catalogs: readonly Omit<DaemonCatalog, "lastGood">[];
  readonly quietWindow: QuietWindow;
  readonly reports: EdgeReports;
  readonly log: EventLog;
  core(): CoreSettings;
  operatorConfig(): OperatorConfig;
  /** Where the API of the Traefik is that reads the chart; read again after a reload. */
  traefikApi(): Settings["traefik"]["api"];
}

/** The API of the Traefik that reads an edge's chart, as the settings say. */
export function apiOf(
  edge: string,
  { traefik, edges }: Pick<Settings, "traefik" | "edges">,
): Settings["traefik"]["api"] {
  return edge === MAIN_EDGE ? traefik.api : edges.find(({ name }) => name === edge)?.api;
}

/** What the settings call it. */
function apiSetting(edge: string, { edges }: Pick<Settings, "edges">): string {
  return edge === MAIN_EDGE ? "traefik.api" : `edges.${edges.findIndex(({ name }) => name === edge)}.api`;
}

export function edgeQuietWindow(settings: () => Settings): QuietWindow {
  return createQuietWindow({
    clock: systemClock,
    timing: () => ({ quietMs: settings().publish.quiet, maxDelayMs: settings().publish.maxDelay }),
  });
}

/** Checks the output first and throws AppError (exit code 78) where nothing that is written could reach Traefik. */
export async function openEdge(plan: EdgePlan, parts: EdgeParts): Promise<Edge> {
  const { name, file } = plan;
  const { settings, quietWindow, log } = parts;
  const { observer, status } = parts.reports;
  const { output, stateDir } = settings;
  const staging = await chooseStagingDir({ outputPath: file, stateDir });
  for (const warning of await checkEdge(plan, staging, settings)) log.emit("chart.warning", warning);
  const lock = createWriterLock({
    outputPath: file,
    self: `pid ${process.pid} on ${hostname()}`,
    clock: systemClock,
    unprotected: (reason) => log.emit("chart.warning", reason),
  });
  const { chart, publishedText } = followText(
    createChartFile({
      path: file,
      stagingDir: staging.dir,
      header: CHART_HEADER,
      mode: output.mode,
      owner: output,
    }),
  );
  const neighbours = followNeighbours({
    chart: file,
    clock: systemClock,
    changed: () => quietWindow.changed(),
    unloadable: (found) => (found === undefined ? observer.directoryLoadable() : observer.directoryRefused(found)),
  });
  const state = openEdgeState(stateDir, name, KEEPS_STATE);
  const versions = createPacedVersions({
    versions: state.versions,
    clock: systemClock,
    failed: (error) => observer.stateUnsaved(error),
  });
  const fingerprints = state.fingerprints(parts.catalogs.map((catalog) => catalog.name));
  const core = edgeCore(plan, parts.core);
  const traefik = followTraefik({
    setting: apiSetting(name, settings),
    output: file,
    observer,
    log: edgeLog(log, name),
    api: parts.traefikApi,
    core,
  });
  quietWindow.asks(traefik.hasTaken);
  const daemon = createDaemon({
    catalogs: parts.catalogs.map((catalog) => ({ ...catalog, lastGood: state.lastGood(catalog.name) })),
    chart: {
      ...chart,
      async publish(text) {
        await lock.confirm();
        return chart.publish(text);
      },
    },
    kept: state.kept,
    versions,
    rollback: state.rollback,
    ...(fingerprints && { fingerprints }),
    quietWindow,
    clock: systemClock,
    observer: {
      ...observer,
      charted(pass) {
        observer.charted(pass);
        traefik.charted(pass);
      },
    },
    settings: core,
    operatorConfig: parts.operatorConfig,
    neighbours: neighbours.current,
    isConfirmed: parts.isConfirmed,
  });
  return {
    name,
    daemon,
    status,
    publishedText,
    versions,
    traefik,
    async takeChart(signal) {
      if (signal === undefined) await lock.confirm();
      else await lock.acquire(signal, (owner) => observer.standingBy(owner));
      if (signal?.aborted === true) return;
      observer.writesAlone();
      await removeStale({ path: file, stagingDir: staging.dir });
      await neighbours.read();
      await daemon.start();
    },
    async run(signal) {
      const repair = watchChart(chart, systemClock, () => quietWindow.changed(), signal);
      await Promise.all([daemon.run(signal), repair, neighbours.run(signal)]);
    },
    releaseChart: () => lock.release(),
  };
}
