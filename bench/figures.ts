import type { ChangeKind } from "./lifecycle.ts";
import type { PeerName } from "./options.ts";

export const UNITS = {
  routed: "ms",
  renamed: "ms",
  requests: "count",
  received: "B",
  cpu: "ms",
  missed: "count",
  connections: "count",
  rss: "MB",
  rssPeak: "MB",
  /** At rest after the fast changes. */
  rssRest: "MB",
  // A cold start, and a warm one.
  firstChart: "ms",
  confirmed: "ms",
  ready: "ms",
  // Idle.
  longPolls: "count",
  otherRequests: "count",
  cpuShare: "%",
  /** Of cpuShare, what the client's polls cost that end and are asked again. */
  pollsShare: "%",
  // A burst.
  registered: "s",
  charts: "count",
  chartsASecond: "1/s",
  upToDate: "ms",
  blocked: "ms",
  differs: "count",
  // Deploys of Nomad's.
  checked: "ms",
  refused: "count",
  gap: "ms",
} as const;
export type Metric = keyof typeof UNITS;

export interface Figure {
  readonly peer: PeerName;
  /** `all`: not of one kind of change. */
  readonly change: ChangeKind | "all";
  readonly metric: Metric;
  readonly p50: number;
  readonly p95: number;
  readonly max: number;
  readonly mean: number;
  readonly n: number;
  readonly unit: string;
}

/** Collects samples and sums them up. */
export interface Figures {
  record(peer: PeerName, change: Figure["change"], metric: Metric, value: number): void;
  /** One for each peer, change and metric that has a sample, in the order of their first samples. */
  all(): readonly Figure[];
}

export function createFigures(): Figures {
  const samples = new Map<string, { readonly figure: Pick<Figure, "peer" | "change" | "metric">; values: number[] }>();
  return {
    record(peer, change, metric, value) {
      const key = `${peer} ${change} ${metric}`;
      const known = samples.get(key) ?? { figure: { peer, change, metric }, values: [] };
      known.values.push(value);
      samples.set(key, known);
    },
    all: () => [...samples.values()].map(({ figure, values }) => summarize(figure, values)),
  };
}

function summarize(figure: Pick<Figure, "peer" | "change" | "metric">, values: readonly number[]): Figure {
  const sorted = values.toSorted((a, b) => a - b);
  return {
    ...figure,
    p50: round(percentile(sorted, 0.5)),
    p95: round(percentile(sorted, 0.95)),
    max: round(percentile(sorted, 1)),
    mean: round(sorted.reduce((sum, value) => sum + value, 0) / sorted.length),
    n: sorted.length,
    unit: UNITS[figure.metric],
  };
}

/** By nearest rank: always a value that was measured. */
export function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

/** The middle one of what was measured, in whatever order it came. */
export function median(values: readonly number[]): number {
  return percentile(
    values.toSorted((a, b) => a - b),
    0.5,
  );
}

/** As much as is told of a time or a share. */
export function tenths(value: number): number {
  return Math.round(value * 10) / 10;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
