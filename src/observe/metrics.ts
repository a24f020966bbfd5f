import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";

/** Every metric of our own, with its help text; docs/metrics.md is made from this. Process metrics come beside them. */
export const METRICS = {
  portolan_chart_generation: "publications of the file since the start",
  portolan_chart_info:
    "1, with the hash of the published bytes as label: equal catalogs give equal hashes on every node",
  portolan_chart_routers: "routers in the published chart",
  portolan_chart_routers_held: "routers that keep servers which the catalog no longer shows",
  portolan_chart_routers_emptied: "routers without servers in their grace time (503)",
  portolan_chart_published_timestamp_seconds: "when the file was last replaced",
  portolan_chart_lag_seconds: "time from the first change to the rename of the file",
  portolan_chart_write_errors_total: "failed attempts to replace the file",
  portolan_instances_quarantined: "instances that are not routed because something about them is wrong",
  portolan_source_routers_held: "routers that keep servers which this catalog no longer shows, by source and edge",
  portolan_source_age_seconds: "time since a catalog last answered without an error, by source",
  portolan_source_requests_total: "requests to the catalog, by source and endpoint",
  portolan_source_errors_total: "failed requests to the catalog, by source and error code",
  portolan_source_answer_age_seconds:
    "how old the last answer was when it came, by the word of the server that gave it, by source",
  portolan_source_missed_changes_total: "services whose change a resync found and the watch had missed, by source",
  portolan_source_open_requests: "requests to a catalog in flight, long polls included, by source",
} as const;

export type MetricName = keyof typeof METRICS;

/** The figures of one chart, under its label `edge`. */
export interface ChartMetrics {
  set(name: GaugeName, value: number): void;
  /** How many of the chart's routers are held because of a catalog. */
  setHeld(source: string, routers: number): void;
  setHash(hash: string): void;
  observeLag(seconds: number): void;
  count(name: "portolan_chart_generation" | "portolan_chart_write_errors_total"): void;
}

export interface Metrics {
  /** Prometheus text exposition. */
  text(): Promise<string>;
  readonly contentType: string;
  ofEdge(edge: string): ChartMetrics;
  ofSource(source: string): SourceMetrics;
}

/** The figures about reading one catalog, under its label `source`. */
export interface SourceMetrics {
  set(name: SourceGaugeName, value: number): void;
  countRequest(endpoint: string): void;
  countError(code: string): void;
  countMissed(services: number): void;
}

type GaugeName =
  | "portolan_chart_routers"
  | "portolan_chart_routers_held"
  | "portolan_chart_routers_emptied"
  | "portolan_chart_published_timestamp_seconds"
  | "portolan_instances_quarantined";

type SourceGaugeName =
  | "portolan_source_age_seconds"
  | "portolan_source_answer_age_seconds"
  | "portolan_source_open_requests";

const SOURCE_GAUGES: readonly SourceGaugeName[] = [
  "portolan_source_age_seconds",
  "portolan_source_answer_age_seconds",
  "portolan_source_open_requests",
];

const GAUGES: readonly GaugeName[] = [
  "portolan_chart_routers",
  "portolan_chart_routers_held",
  "portolan_chart_routers_emptied",
  "portolan_chart_published_timestamp_seconds",
  "portolan_instances_quarantined",
];

/** A look at the event loop every 10 ms, prom-client's default, takes 0.3 % of a processor for ever; this a fifth of it. */
const EVENT_LOOP_LOOK_MS = 50;

export function createMetrics(): Metrics {
  const registers = [new Registry()];
  const [registry = new Registry()] = registers;
  const named = (name: MetricName) => ({ name, help: METRICS[name], registers });
  const ofEdge = { labelNames: ["edge"] };
  const gauges = new Map(GAUGES.map((name) => [name, new Gauge({ ...named(name), ...ofEdge })]));
  const ofSource = { labelNames: ["source"] };
  const sourceGauges = new Map(SOURCE_GAUGES.map((name) => [name, new Gauge({ ...named(name), ...ofSource })]));
  const held = new Gauge({ ...named("portolan_source_routers_held"), labelNames: ["source", "edge"] });
  const info = new Gauge({ ...named("portolan_chart_info"), labelNames: ["edge", "hash"] });
  const lag = new Histogram({
    ...named("portolan_chart_lag_seconds"),
    ...ofEdge,
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5],
  });
  const generation = new Gauge({ ...named("portolan_chart_generation"), ...ofEdge });
  const writeErrors = new Counter({ ...named("portolan_chart_write_errors_total"), ...ofEdge });
  const requests = new Counter({ ...named("portolan_source_requests_total"), labelNames: ["source", "endpoint"] });
  const errors = new Counter({ ...named("portolan_source_errors_total"), labelNames: ["source", "code"] });
  const missed = new Counter({ ...named("portolan_source_missed_changes_total"), labelNames: ["source"] });
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: EVENT_LOOP_LOOK_MS });

  return {
    text: () => registry.metrics(),
    contentType: registry.contentType,
    ofSource(source) {
      missed.inc({ source }, 0);
      return {
        set: (name, value) => sourceGauges.get(name)?.set({ source }, value),
        countRequest: (endpoint) => requests.inc({ source, endpoint }),
        countError: (code) => errors.inc({ source, code }),
        countMissed: (services) => missed.inc({ source }, services),
      };
    },
    ofEdge(edge) {
      let published: string | undefined;
      // Counters exist from the start, so that a rate over them is right from the first event on.
      generation.set({ edge }, 0);
      writeErrors.inc({ edge }, 0);
      return {
        set: (name, value) => gauges.get(name)?.set({ edge }, value),
        setHeld: (source, routers) => held.set({ source, edge }, routers),
        setHash(hash) {
          if (published !== undefined) info.remove({ edge, hash: published });
          published = hash;
          info.set({ edge, hash }, 1);
        },
        observeLag: (seconds) => lag.observe({ edge }, seconds),
        count: (name) => (name === "portolan_chart_generation" ? generation.inc({ edge }) : writeErrors.inc({ edge })),
      };
    },
  };
}
