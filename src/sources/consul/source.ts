import { CatalogError } from "../catalog-error.ts";
import type { CatalogSource } from "../source.ts";
import { chooseStrategy } from "../strategy.ts";
import { createWatchedSource, type WatchedSourceOptions } from "../watched-source.ts";
import type { ConsulClient } from "./client.ts";
import { CONSUL_STRATEGIES } from "./strategies.ts";

export type ConsulSourceOptions = Omit<WatchedSourceOptions<ConsulClient>, "strategies" | "measure">;

/** Consul as a source: watched by service, by node or by sweeps. */
export function createConsulSource(options: ConsulSourceOptions): CatalogSource {
  const { client, budget } = options;

  /** The number of nodes matters only where services do not fit; one request, and a failure leaves it to the watch itself. */
  async function countNodes(services: number, signal: AbortSignal): Promise<number> {
    if (chooseStrategy(CONSUL_STRATEGIES, { services, nodes: 0 }, budget.size) === CONSUL_STRATEGIES[0]) return 0;
    try {
      return (await client.nodes({ index: 0n, consistency: "stale", signal })).value.size;
    } catch (error) {
      if (error instanceof CatalogError) return 0;
      throw error;
    }
  }

  return createWatchedSource({
    ...options,
    strategies: CONSUL_STRATEGIES,
    measure: async (services, signal) => ({ services, nodes: await countNodes(services, signal) }),
  });
}
