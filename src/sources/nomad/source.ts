import type { CatalogSource } from "../catalog/source.ts";
import { createWatchedSource, type WatchedSourceOptions } from "../watch/watched-source.ts";
import type { NomadClient } from "./client.ts";
import { NOMAD_STRATEGIES } from "./strategies.ts";

export type NomadSourceOptions = Omit<WatchedSourceOptions<NomadClient>, "strategies" | "countNodes" | "explainEmpty">;

/** Nomad's native services as a source, without their health: watched by service or by sweeps. */
export function createNomadSource(options: NomadSourceOptions): CatalogSource {
  return createWatchedSource({
    ...options,
    strategies: NOMAD_STRATEGIES,
    explainEmpty: (signal) => options.client.requireNamespace(signal),
  });
}
