import { Counter, Gauge, Histogram, type Registry } from "prom-client";
import { isUntaken, type TraefikFlaw } from "../../core/traefik-result/traefik-result.ts";
import type { TraefikObserver } from "../observer.ts";
import { family } from "./family.ts";

/** The metrics of Traefiks whose API is read, with the label `edge`. */
export type TraefikFamilies = ReturnType<typeof traefikFamilies>;

/** Traefik gathers changes for two seconds by default, and has ten to load a chart before it counts as behind. */
const LAG_BUCKETS_S = [0.25, 0.5, 1, 2, 3, 5, 10, 30, 60, 300];

const KINDS = ["disabled", "warning", "missing", "different"] as const;

export function traefikFamilies(registers: readonly Registry[]) {
  const edge = ["edge"] as const;
  return {
    up: new Gauge(family("portolan_traefik_up", edge, registers)),
    taken: new Gauge(family("portolan_traefik_taken", edge, registers)),
    flaws: new Gauge(family("portolan_traefik_flaws", ["edge", "kind"], registers)),
    lag: new Histogram({ ...family("portolan_traefik_lag_seconds", edge, registers), buckets: LAG_BUCKETS_S }),
    readErrors: new Counter(family("portolan_traefik_read_errors_total", edge, registers)),
    info: new Gauge(family("portolan_traefik_info", ["edge", "version"], registers)),
  };
}

export interface TraefikMetricsOptions {
  readonly families: TraefikFamilies;
  /** Whose chart Traefik reads: the label `edge`. */
  readonly edge: string;
}

/** Keeps the metrics of one Traefik. Where its API is not asked there are none: nothing is known. */
export function createTraefikMetrics({ families, edge }: TraefikMetricsOptions): TraefikObserver {
  let shownVersion: string | undefined;

  function showVersion(version: string | undefined): void {
    if (version === shownVersion) return;
    if (shownVersion !== undefined) families.info.remove({ edge, version: shownVersion });
    if (version !== undefined) families.info.set({ edge, version }, 1);
    shownVersion = version;
  }

  return {
    traefikRead(report) {
      if (report === undefined) {
        families.up.remove({ edge });
        families.taken.remove({ edge });
        for (const kind of KINDS) families.flaws.remove({ edge, kind });
        showVersion(undefined);
        return;
      }
      const { result, unread, takenAfterMs } = report;
      if (takenAfterMs !== undefined) families.lag.observe({ edge }, takenAfterMs / 1000);
      families.up.set({ edge }, unread === undefined ? 1 : 0);
      families.readErrors.inc({ edge }, unread === undefined ? 0 : 1);
      if (result === undefined) return;
      const { taking, flaws, traefik } = result;
      showVersion(traefik.version);
      families.taken.set({ edge }, isUntaken(taking) ? 0 : 1);
      const counts = Map.groupBy(flaws.values(), kindOfFlaw);
      for (const kind of KINDS) families.flaws.set({ edge, kind }, counts.get(kind)?.length ?? 0);
    },
  };
}

function kindOfFlaw(flaw: TraefikFlaw): (typeof KINDS)[number] {
  return flaw.kind === "refused" ? flaw.status : flaw.kind;
}
