import { watchPerNode } from "./watch/per-node.ts";
import { watchPerService } from "./watch/per-service.ts";
import { watchBySweeps } from "./watch/sweep.ts";
import type { WatchStrategy } from "./watch/watch.ts";

export interface StrategyChoice {
  readonly name: "per-service" | "per-node" | "sweep";
  readonly reason: string;
  readonly watch: WatchStrategy;
}

/** Long polls beside those for services or nodes: the lists, the unhealthy states, and a few reads at a time. */
const RESERVED = 4;

/** The first strategy in this order whose long polls fit into the connection budget. */
export function chooseStrategy(shape: { services: number; nodes: number }, budget: number): StrategyChoice {
  const forServices = shape.services + RESERVED;
  if (forServices <= budget) {
    return {
      name: "per-service",
      reason: `${shape.services} services fit into ${budget} connections`,
      watch: watchPerService,
    };
  }
  const forNodes = shape.nodes + RESERVED;
  if (forNodes <= budget) {
    return {
      name: "per-node",
      reason: `${shape.services} services exceed ${budget} connections, ${shape.nodes} nodes fit`,
      watch: watchPerNode,
    };
  }
  return {
    name: "sweep",
    reason: `neither ${shape.services} services nor ${shape.nodes} nodes fit into ${budget} connections`,
    watch: watchBySweeps,
  };
}

/** A strategy is left for a dearer one as soon as it no longer fits, for a cheaper one only with room to spare. */
export function isOutgrown(
  choice: StrategyChoice,
  shape: { services: number; nodes: number },
  budget: number,
): boolean {
  const order = ["per-service", "per-node", "sweep"];
  const needed = order.indexOf(chooseStrategy(shape, budget).name);
  const comfortable = order.indexOf(chooseStrategy(shape, Math.floor(budget * 0.75)).name);
  const current = order.indexOf(choice.name);
  return needed > current || comfortable < current;
}
