import type { CatalogClient } from "../catalog/catalog-client.ts";
import type { CatalogSource } from "../catalog/source.ts";
import { createWatchedSource, type WatchedSourceOptions } from "../watch/watched-source.ts";
import { NOMAD_STRATEGIES } from "./strategies.ts";

export type NomadSourceOptions = Omit<WatchedSourceOptions<CatalogClient>, "strategies" | "countNodes">;

/** Nomad's native services as a source, without their health: watched by service or by sweeps. */
export function createNomadSource(options: NomadSourceOptions): CatalogSource {
  return createWatchedSource({ ...options, strategies: NOMAD_STRATEGIES });
}
