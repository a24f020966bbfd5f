import { MULTIPLEXED, PER_SERVICE } from "../watch/strategies.ts";
import type { Strategies } from "../watch/strategy.ts";
import { checksBytes, listBytes, nodeBytes, serviceBytes } from "../watch/traffic.ts";
import type { ConsulClient } from "./client.ts";
import { watchPerNode } from "./watch/per-node.ts";
import { watchByNodeSweeps } from "./watch/sweep.ts";

/** Requests beside those for nodes: their list, the checks that do not pass, and a few reads at a time. */
const RESERVED = 5;

export const CONSUL_STRATEGIES: Strategies<ConsulClient> = [
  PER_SERVICE,
  MULTIPLEXED,
  {
    name: "per-node",
    requests: ({ nodes }) => (nodes === 0 ? undefined : nodes + RESERVED),
    bytesPerChange: (shape) => nodeBytes(shape) + serviceBytes(shape) + checksBytes(),
    watch: watchPerNode,
  },
  {
    name: "sweep",
    requests: () => undefined,
    bytesPerChange: (shape) => listBytes(shape) + shape.nodes * nodeBytes(shape) + serviceBytes(shape) + checksBytes(),
    watch: watchByNodeSweeps,
  },
];
