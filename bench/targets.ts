import type { Figure } from "./figures.ts";
import type { Options } from "./options.ts";

/** The part of the options by which targets are set. */
export type Size = Pick<Options, "benchmark" | "services" | "instances" | "scheme" | "strategy" | "catalog">;

type Limit =
  | { readonly atMost: number }
  /** On top of the floor's p50 for the same change. */
  | { readonly aboveFloor: number }
  | { readonly timesFloor: number }
  /** On top of what the client's polls cost by themselves, in the same run. */
  | { readonly abovePolls: number }
  /** No more than the same services cost by Consul, in the same run. */
  | { readonly asByConsul: true };

type Statistic = "p50" | "max";

/** What portolan must reach; a part of the size that is left out may be any. */
interface Target {
  readonly at: Partial<Size>;
  readonly metric: Figure["metric"];
  readonly changes: readonly Figure["change"][];
  readonly statistic: Statistic;
  readonly limit: Limit;
}

/** A size of the catalog and the way to it, for which figures of a change are set; a way that is left out may be any. */
interface TargetSize {
  readonly services: number;
  readonly scheme?: Size["scheme"];
}

interface Row {
  readonly at: TargetSize;
  readonly routed: Limit;
  readonly requests: number;
  readonly received: number;
  /** At rest after a thousand changes, in MB. */
  readonly rssRest: number;
  readonly cpu: number;
}

/** At 100, 1,000 and 5,000 services, by Consul and by Nomad. */
const REST_MB = [90, 110, 180] as const;

const ROWS: readonly Row[] = [
  { at: { services: 100 }, routed: { aboveFloor: 25 }, requests: 3, received: 10_000, rssRest: REST_MB[0], cpu: 8 },
  {
    at: { services: 1_000, scheme: "http" },
    ...{ routed: { aboveFloor: 50 }, requests: 6, received: 60_000, rssRest: REST_MB[1], cpu: 15 },
  },
  {
    at: { services: 1_000, scheme: "https" },
    ...{ routed: { aboveFloor: 30 }, requests: 3, received: 12_000, rssRest: REST_MB[1], cpu: 15 },
  },
  {
    at: { services: 5_000, scheme: "https" },
    ...{ routed: { timesFloor: 1.2 }, requests: 3, received: 15_000, rssRest: REST_MB[2], cpu: 35 },
  },
  {
    at: { services: 5_000, scheme: "http" },
    ...{ routed: { timesFloor: 1.3 }, requests: 6, received: 200_000, rssRest: REST_MB[2], cpu: 35 },
  },
];

const EVERY_CHANGE = ["new", "port", "health", "gone"] as const;

// By p50: a long poll that happens to end by itself during a change is not the change's.
function targetsOf({ at, routed, requests, received, rssRest, cpu }: Row): readonly Target[] {
  const size = { benchmark: "changes", instances: 3, strategy: "auto", catalog: "real", ...at } as const;
  return [
    { at: size, metric: "routed", changes: ["new"], statistic: "p50", limit: routed },
    { at: size, metric: "requests", changes: EVERY_CHANGE, statistic: "p50", limit: { atMost: requests } },
    { at: size, metric: "received", changes: EVERY_CHANGE, statistic: "p50", limit: { atMost: received } },
    { at: size, metric: "cpu", changes: EVERY_CHANGE, statistic: "p50", limit: { atMost: cpu } },
    { at: size, metric: "rssRest", changes: ["all"], statistic: "max", limit: { atMost: rssRest } },
  ];
}

function once(at: Partial<Size>, metric: Figure["metric"], atMost: number, statistic: Statistic = "max"): Target {
  return { at, metric, changes: ["all"], statistic, limit: { atMost } };
}

/** `consul.connectionBudget` where nothing is set. */
const CONNECTION_BUDGET = 64;

/** Services without checks in Nomad. */
function nomadTargets(services: number): readonly Target[] {
  const at = { benchmark: "changes", catalog: "nomad", services, strategy: "auto" } as const;
  return [
    { at, metric: "routed", changes: ["new", "port"], statistic: "p50", limit: { aboveFloor: 60 } },
    { at, metric: "requests", changes: EVERY_CHANGE, statistic: "p50", limit: { atMost: 5 } },
  ];
}

const TARGETS: readonly Target[] = [
  {
    at: { benchmark: "changes", catalog: "nomad" },
    ...{ metric: "rss", changes: ["all"], statistic: "p50", limit: { asByConsul: true } },
  },
  ...[1, 25, 300].flatMap(nomadTargets),
  {
    at: { benchmark: "changes", catalog: "nomad", services: 2_000 },
    ...{ metric: "renamed", changes: ["new", "port"], statistic: "p50", limit: { atMost: 150 } },
  },
  {
    at: { benchmark: "changes", catalog: "nomad", services: 2_000 },
    ...{ metric: "requests", changes: EVERY_CHANGE, statistic: "p50", limit: { atMost: 5 } },
  },
  ...ROWS.flatMap(targetsOf),
  once({}, "connections", CONNECTION_BUDGET),
  once({ benchmark: "cold-start", services: 5_000 }, "firstChart", 2_500, "p50"),
  once({ benchmark: "cold-start", services: 5_000 }, "confirmed", 700, "p50"),
  ...[100, 1_000, 5_000].map((services, at) =>
    once({ benchmark: "changes", catalog: "nomad", services, instances: 3 }, "rssRest", REST_MB[at] ?? 0),
  ),
  {
    at: { benchmark: "soon", services: 5_000 },
    ...{ metric: "routed", changes: ["soon"], statistic: "p50", limit: { timesFloor: 1.15 } },
  },
  once({ benchmark: "idle" }, "otherRequests", 0),
  once({ benchmark: "idle", scheme: "http" }, "cpuShare", 0.2),
  {
    at: { benchmark: "idle", scheme: "https" },
    ...{ metric: "cpuShare", changes: ["all"], statistic: "max", limit: { abovePolls: 0.1 } },
  },
  once({ benchmark: "deploys" }, "checked", 1_000, "p50"),
  once({ benchmark: "deploys" }, "refused", 0),
  once({ benchmark: "deploys" }, "gap", 1_000),
  // Slower than that, it was not the burst that is promised to be mastered.
  once({ benchmark: "burst" }, "registered", 21),
  once({ benchmark: "burst" }, "chartsASecond", 1),
  once({ benchmark: "burst" }, "blocked", 100),
  once({ benchmark: "burst" }, "differs", 0),
];

export interface Verdict {
  readonly isMet: boolean;
  /** All in the figure's unit: what counts of it, what is allowed, and how much it is above that; negative below. */
  readonly value: number;
  readonly limit: number;
  readonly excess: number;
  /** "ok: p50 ≤ 61.2 + 25", "short by 4.1: p50 ≤ 61.2 + 25" */
  readonly text: string;
}

/** How a figure stands against its target; undefined where it has none, or where the floor was not measured. */
export function judge(figure: Figure, all: readonly Figure[], size: Size): Verdict | undefined {
  if (figure.peer !== "portolan") return undefined;
  const target = TARGETS.find(
    ({ at, metric, changes }) => metric === figure.metric && changes.includes(figure.change) && isAt(size, at),
  );
  const allowed = target === undefined ? undefined : allow(target.limit, figure, all);
  if (target === undefined || allowed === undefined) return undefined;
  const value = figure[target.statistic];
  const excess = Math.round((value - allowed.limit) * 100) / 100;
  const isMet = excess <= 0;
  const verdict = isMet ? "ok" : `short by ${excess}`;
  return { isMet, value, limit: allowed.limit, excess, text: `${verdict}: ${target.statistic} ≤ ${allowed.text}` };
}

function isAt(size: Size, at: Partial<Size>): boolean {
  return Object.entries(at).every(([name, value]) => size[name as keyof Size] === value);
}

function allow(
  limit: Limit,
  { peer, metric, change }: Figure,
  all: readonly Figure[],
): { readonly limit: number; readonly text: string } | undefined {
  if ("atMost" in limit) return { limit: limit.atMost, text: String(limit.atMost) };
  if ("asByConsul" in limit) {
    const same = all.find(
      (other) => other.peer === "portolan-consul" && other.metric === metric && other.change === change,
    );
    return same && { limit: same.p50, text: `${same.p50} by Consul` };
  }
  if ("abovePolls" in limit) {
    const polls = all.find((other) => other.peer === peer && other.metric === "pollsShare");
    return polls && { limit: polls.p50 + limit.abovePolls, text: `${polls.p50} of its polls + ${limit.abovePolls}` };
  }
  const floor = all.find((other) => other.peer === "floor" && other.metric === metric && other.change === change);
  if (floor === undefined) return undefined;
  return "aboveFloor" in limit
    ? { limit: floor.p50 + limit.aboveFloor, text: `${floor.p50} + ${limit.aboveFloor}` }
    : { limit: floor.p50 * limit.timesFloor, text: `${floor.p50} × ${limit.timesFloor}` };
}
