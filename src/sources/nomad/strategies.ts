import type { CatalogClient } from "../catalog-client.ts";
import type { Strategies } from "../strategy.ts";
import { listBytes, serviceBytes } from "../traffic.ts";
import { MULTIPLEXED, PER_SERVICE } from "../watch/strategies.ts";
import { watchBySweeps } from "../watch/sweep.ts";

export const NOMAD_STRATEGIES: Strategies<CatalogClient> = [
  PER_SERVICE,
  MULTIPLEXED,
  {
    name: "sweep",
    requests: () => undefined,
    bytesPerChange: (shape) => listBytes(shape) + shape.services * serviceBytes(shape),
    watch: watchBySweeps,
  },
];
