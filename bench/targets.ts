import type { Figure } from "./figures.ts";
import type { Options } from "./options.ts";

/** What portolan must reach at a size of the catalog. */
interface Target {
  readonly services: number;
  readonly instances: number;
  readonly metric: Figure["metric"];
  readonly change: Figure["change"];
  readonly statistic: "p50" | "mean" | "max";
  readonly limit: number;
  /** The limit comes on top of the floor's p50 for the same change. */
  readonly isAboveFloor?: boolean;
}

// Requests are judged by p50: a long poll that happens to end by itself during a change is not the change's.
const TARGETS: readonly Target[] = [
  {
    services: 100,
    instances: 3,
    metric: "routed",
    change: "new",
    statistic: "p50",
    limit: 40,
    isAboveFloor: true,
  },
  { services: 100, instances: 3, metric: "requests", change: "new", statistic: "p50", limit: 3 },
  { services: 100, instances: 3, metric: "requests", change: "port", statistic: "p50", limit: 3 },
  { services: 100, instances: 3, metric: "requests", change: "health", statistic: "p50", limit: 3 },
  { services: 100, instances: 3, metric: "rss", change: "all", statistic: "max", limit: 110 },
];

export interface Verdict {
  readonly isMet: boolean;
  /** "≤ floor 61.2 + 40" */
  readonly text: string;
}

/** How a figure stands against its target; undefined where it has none, or where the floor was not measured. */
export function judge(
  figure: Figure,
  all: readonly Figure[],
  { services, instances }: Pick<Options, "services" | "instances">,
): Verdict | undefined {
  if (figure.peer !== "portolan") return undefined;
  const target = TARGETS.find(
    (candidate) =>
      candidate.services === services &&
      candidate.instances === instances &&
      candidate.metric === figure.metric &&
      candidate.change === figure.change,
  );
  if (target === undefined) return undefined;
  const { limit, statistic, isAboveFloor = false } = target;
  if (!isAboveFloor) return { isMet: figure[statistic] <= limit, text: `${statistic} ≤ ${limit}` };
  const floor = all.find(
    ({ peer, metric, change }) => peer === "floor" && metric === figure.metric && change === figure.change,
  );
  if (floor === undefined) return undefined;
  return { isMet: figure[statistic] <= floor.p50 + limit, text: `${statistic} ≤ floor ${floor.p50} + ${limit}` };
}
