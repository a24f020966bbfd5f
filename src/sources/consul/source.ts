import { CatalogError } from "../catalog/catalog-error.ts";
import type { CatalogSource } from "../catalog/source.ts";
import { createWatchedSource, type WatchedSourceOptions } from "../watch/watched-source.ts";
import type { ConsulClient } from "./client.ts";
import { readByNode } from "./read-by-node.ts";
import { registeredAt } from "./registered-at.ts";
import { CONSUL_STRATEGIES } from "./strategies.ts";

export type ConsulSourceOptions = Omit<WatchedSourceOptions<ConsulClient>, "strategies" | "countNodes" | "readInBulk">;

/** Consul as a source: watched by service, by node or by sweeps. */
export function createConsulSource(options: ConsulSourceOptions): CatalogSource {
  const { client, parallelReads } = options;
  const watched = createWatchedSource({
    ...options,
    strategies: CONSUL_STRATEGIES,
    readInBulk: (names, parallelReads, how) => readByNode(client, names, parallelReads, how),
    /** One request; a failure leaves the number to the watch itself. */
    async countNodes(signal) {
      try {
        return (await client.nodes({ index: 0n, consistency: "stale", signal })).value.size;
      } catch (error) {
        if (error instanceof CatalogError) return 0;
        throw error;
      }
    },
  });
  return {
    ...watched,
    registeredAt: (hosts, withChecks, signal) => registeredAt(client, hosts, { withChecks, parallelReads }, signal),
  };
}
