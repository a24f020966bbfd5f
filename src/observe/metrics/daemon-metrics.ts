import { Gauge, type Registry } from "prom-client";
import { family } from "./family.ts";

/** The metrics of the process as a whole. */
export type DaemonFamilies = ReturnType<typeof daemonFamilies>;

export function daemonFamilies(registers: readonly Registry[]) {
  return {
    ready: new Gauge(family("portolan_ready", [], registers)),
    buildInfo: new Gauge(family("portolan_build_info", ["version"], registers)),
    settingsRefused: new Gauge(family("portolan_settings_refused", [], registers)),
  };
}

/** Shows what the process is, and whether all its charts can be trusted; called whenever the metrics are read. */
export function showDaemon(
  { ready, buildInfo }: DaemonFamilies,
  { version, isReady }: { readonly version: string; readonly isReady: boolean },
): void {
  buildInfo.set({ version }, 1);
  ready.set(isReady ? 1 : 0);
}

/** What is told of the reading of settings while the daemon runs. */
export interface ReloadMetrics {
  /** They count now. */
  adopted(): void;
  /** They have problems; older ones stay in force. */
  refused(): void;
}

/** Shows whether the last reload counted. A daemon that runs has adopted what it was started with. */
export function createReloadMetrics({ settingsRefused }: Pick<DaemonFamilies, "settingsRefused">): ReloadMetrics {
  settingsRefused.set(0);
  return { adopted: () => settingsRefused.set(0), refused: () => settingsRefused.set(1) };
}
