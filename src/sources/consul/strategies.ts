import type { Strategies } from "../strategy.ts";
import { watchPerService } from "../watch/per-service.ts";
import type { ConsulClient } from "./client.ts";
import { watchPerNode } from "./watch/per-node.ts";
import { watchBySweeps } from "./watch/sweep.ts";

/** Long polls beside those for services or nodes: the lists, the unhealthy states, and a few reads at a time. */
const RESERVED = 4;

export const CONSUL_STRATEGIES: Strategies<ConsulClient> = [
  {
    name: "per-service",
    connections: ({ services }) => services + RESERVED,
    reason: ({ services }, budget) => `${services} services fit into ${budget} connections`,
    watch: watchPerService,
  },
  {
    name: "per-node",
    connections: ({ nodes }) => nodes + RESERVED,
    reason: ({ services, nodes }, budget) => `${services} services exceed ${budget} connections, ${nodes} nodes fit`,
    watch: watchPerNode,
  },
  {
    name: "sweep",
    connections: () => 0,
    reason: ({ services, nodes }, budget) =>
      `neither ${services} services nor ${nodes} nodes fit into ${budget} connections`,
    watch: watchBySweeps,
  },
];
