import { AppError } from "../../src/base/errors.ts";
import type { CatalogSnapshot, ServiceInstance } from "../../src/core/catalog/snapshot.ts";
import type { KeptMemory } from "../../src/core/memory.ts";
import { NO_OPERATOR_CONFIG } from "../../src/core/operator-config/operator-config.ts";
import { createDaemon } from "../../src/daemon/daemon.ts";
import { createQuietWindow } from "../../src/daemon/quiet-window.ts";
import type { Rollback } from "../../src/daemon/rollback.ts";
import type { StoredSnapshot } from "../../src/daemon/stored-snapshot.ts";
import { instance, settings } from "../builders/world.ts";
import { createFakeChart } from "../fakes/fake-chart.ts";
import { createFakeClock, settle } from "../fakes/fake-clock.ts";
import { createFakeSource } from "../fakes/fake-source.ts";
import { createFakeState } from "../fakes/fake-state.ts";
import { createFakeVersions } from "../fakes/fake-versions.ts";
import { createRecordingObserver } from "../fakes/recording-observer.ts";

export const SOURCE = "http://127.0.0.1:8500 dc1";

/** One healthy instance of each service, on a port of its own. */
export function services(...names: readonly string[]): readonly ServiceInstance[] {
  return names.map((service) => instance({ service, id: service, port: 24_000 + [...service].length }));
}

/** That many services: s1, s2, … */
export function many(count: number): readonly ServiceInstance[] {
  return Array.from({ length: count }, (_, index) =>
    instance({ service: `s${index + 1}`, id: `s${index + 1}`, port: 24_001 + index }),
  );
}

export function failure(code: string): AppError {
  return new AppError(code, { code, retryable: true });
}

/** A daemon whose world is in memory. `disk` may be handed on to a second one: that is a restart. */
export function createWorld(disk = createDisk(), operatorConfig = NO_OPERATOR_CONFIG) {
  const clock = createFakeClock();
  const quietWindow = createQuietWindow({ clock, timing: () => ({ quietMs: 100, maxDelayMs: 1_000 }) });
  const source = createFakeSource(SOURCE, clock, () => quietWindow.changed());
  const observer = createRecordingObserver();
  const core = settings();
  const { lastGood, ...parts } = disk;
  const catalogs = [{ source, lastGood }];
  const decidedBy = { settings: () => core, operatorConfig: () => operatorConfig };
  const daemon = createDaemon({ ...parts, ...decidedBy, catalogs, quietWindow, clock, observer });
  const stop = new AbortController();
  return {
    clock,
    daemon,
    source,
    observer,
    disk,
    stop,
    /** Starts the daemon and lets it come to rest; gives the promise of its end. */
    async run(): Promise<{ readonly ended: Promise<void> }> {
      await daemon.start();
      const ended = daemon.run(stop.signal);
      await settle();
      return { ended };
    },
    /** The catalog says this now; the daemon has a moment to follow. */
    async show(
      instances: readonly ServiceInstance[],
      overrides: Pick<CatalogSnapshot, "indexResetAtMs" | "partialViewReasons" | "deniedNamespaces"> = {},
    ): Promise<void> {
      source.show({ source: SOURCE, instances, freshness: "live", readAtMs: clock.nowMs(), ...overrides });
      await clock.advance(100);
    },
    /** Routers in the file, in its order. */
    get routers(): readonly string[] {
      return routersIn(disk.chart.text);
    },
  };
}

/** The HTTP routers of a chart's text, in its order. */
export function routersIn(text: string | undefined): readonly string[] {
  const body = text?.slice(text.indexOf("\n")).trim() ?? "";
  return body === "" ? [] : Object.keys(JSON.parse(body).http.routers);
}

/** What survives a restart. `journal` has the writes in their order. */
export function createDisk() {
  const journal: string[] = [];
  return {
    journal,
    chart: createFakeChart(journal),
    lastGood: createFakeState<StoredSnapshot>("snapshot", journal),
    kept: createFakeState<KeptMemory>("memory", journal),
    versions: createFakeVersions(),
    rollback: createFakeState<Rollback | null>("rollback", journal),
  };
}
