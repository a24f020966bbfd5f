import { Counter, Gauge, Histogram, type Registry } from "prom-client";
import type { Clock } from "../../base/clock.ts";
import type { Diagnostic } from "../../core/diagnostics/diagnostics.ts";
import { heldRouters } from "../../core/removals/hold.ts";
import { countRouters } from "../../core/traefik/chart/dynamic-config.ts";
import type { FullChartListener } from "../fan-out.ts";
import { family } from "./family.ts";

/** The metrics of charts, with the label `edge`; `routersHeldBySource` has the label `source`, too. */
export type ChartFamilies = ReturnType<typeof chartFamilies>;

const LAG_BUCKETS_S = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5];

export function chartFamilies(registers: readonly Registry[]) {
  const edge = ["edge"] as const;
  return {
    routers: new Gauge(family("portolan_chart_routers", edge, registers)),
    routersEmptied: new Gauge(family("portolan_chart_routers_emptied", edge, registers)),
    publishedTimestamp: new Gauge(family("portolan_chart_published_timestamp_seconds", edge, registers)),
    instancesQuarantined: new Gauge(family("portolan_instances_quarantined", edge, registers)),
    routersHeldBySource: new Gauge(family("portolan_source_routers_held", ["source", "edge"], registers)),
    info: new Gauge(family("portolan_chart_info", ["edge", "hash"], registers)),
    lag: new Histogram({ ...family("portolan_chart_lag_seconds", edge, registers), buckets: LAG_BUCKETS_S }),
    generation: new Gauge(family("portolan_chart_generation", edge, registers)),
    writeErrors: new Counter(family("portolan_chart_write_errors_total", edge, registers)),
  };
}

export interface ChartMetricsOptions {
  readonly families: ChartFamilies;
  /** Whose chart it is: the label `edge`. */
  readonly edge: string;
  /** The label `source` of a catalog that has no name in the settings. */
  readonly source: string;
  readonly clock: Pick<Clock, "nowMs">;
}

/** Keeps the metrics of one chart. */
export function createChartMetrics({
  families,
  edge,
  source,
  clock,
}: ChartMetricsOptions): Pick<FullChartListener, "charted" | "unwritable"> {
  let publishedHash: string | undefined;
  // Counters exist from the start, so that a rate over them is right from the first event on.
  families.generation.set({ edge }, 0);
  families.writeErrors.inc({ edge }, 0);

  function showHash(hash: string): void {
    if (publishedHash !== undefined) families.info.remove({ edge, hash: publishedHash });
    publishedHash = hash;
    families.info.set({ edge, hash }, 1);
  }

  return {
    charted({ decision, snapshots, published, lagMs, hash }) {
      const { holds, leftAtMs } = decision.memory.removals;
      if (published.didWrite) {
        families.generation.inc({ edge });
        families.lag.observe({ edge }, lagMs / 1000);
        families.publishedTimestamp.set({ edge }, clock.nowMs() / 1000);
      }
      showHash(hash);
      families.routers.set({ edge }, countRouters(decision.chart));
      for (const { catalogName } of snapshots) {
        const ofCatalog = holds.filter((hold) => hold.catalogName === catalogName);
        families.routersHeldBySource.set({ source: catalogName ?? source, edge }, heldRouters(ofCatalog));
      }
      families.routersEmptied.set({ edge }, leftAtMs.size);
      families.instancesQuarantined.set({ edge }, quarantinedInstances(decision.diagnostics));
    },
    unwritable: () => families.writeErrors.inc({ edge }),
  };
}

/** Instances with an error, each counted once, however many errors it has; the operator's own files are no instances. */
function quarantinedInstances(diagnostics: readonly Diagnostic[]): number {
  const errors = diagnostics.filter(({ severity, subject }) => severity === "error" && subject.origin === undefined);
  return new Set(errors.map(({ subject }) => `${subject.catalog}/${subject.node}/${subject.instance}`)).size;
}
