import type { CatalogClient } from "../catalog-client.ts";
import type { Strategies } from "../strategy.ts";
import { watchPerService } from "../watch/per-service.ts";
import { watchBySweeps } from "./sweep.ts";

/** Beside the polls for services: the list, and a few reads at a time. */
const RESERVED = 4;

export const NOMAD_STRATEGIES: Strategies<CatalogClient> = [
  {
    name: "per-service",
    connections: ({ services }) => services + RESERVED,
    reason: ({ services }, budget) => `${services} services fit into ${budget} connections`,
    watch: watchPerService,
  },
  {
    name: "sweep",
    connections: () => 0,
    reason: ({ services }, budget) => `${services} services exceed ${budget} connections`,
    watch: watchBySweeps,
  },
];
