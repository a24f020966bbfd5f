import type { CatalogClient } from "../catalog/catalog-client.ts";
import { MULTIPLEXED, PER_SERVICE } from "../watch/strategies.ts";
import type { Strategies } from "../watch/strategy.ts";
import { watchByServiceSweeps } from "../watch/sweep.ts";
import { listBytes, serviceBytes } from "../watch/traffic.ts";

export const NOMAD_STRATEGIES: Strategies<CatalogClient> = [
  PER_SERVICE,
  MULTIPLEXED,
  {
    name: "sweep",
    requests: () => undefined,
    bytesPerChange: (shape) => listBytes(shape) + shape.services * serviceBytes(shape),
    watch: watchByServiceSweeps,
  },
];
