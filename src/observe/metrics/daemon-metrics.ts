import { Gauge, type Registry } from "prom-client";
import { family } from "./family.ts";

/** The metrics of the process as a whole. */
export type DaemonFamilies = ReturnType<typeof daemonFamilies>;

export function daemonFamilies(registers: readonly Registry[]) {
  return {
    ready: new Gauge(family("portolan_ready", [], registers)),
    buildInfo: new Gauge(family("portolan_build_info", ["version"], registers)),
    listenerStreams: new Gauge(family("portolan_listener_streams", [], registers)),
    settingsRefused: new Gauge(family("portolan_settings_refused", [], registers)),
    memoryShort: new Gauge(family("portolan_memory_short", [], registers)),
  };
}

/** What the process says of itself when the metrics are asked for. */
export interface DaemonReading {
  readonly version: string;
  /** Of all its charts. */
  readonly isReady: boolean;
  /** Open streams of events at the listener. */
  readonly streams: number;
}

/** Shows what the process is, and whether all its charts can be trusted; called whenever the metrics are read. */
export function showDaemon(
  { ready, buildInfo, listenerStreams }: DaemonFamilies,
  { version, isReady, streams }: DaemonReading,
): void {
  listenerStreams.set(streams);
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
