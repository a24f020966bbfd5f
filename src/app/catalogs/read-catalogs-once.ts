import type { Settings } from "../../config/files/schema.ts";
import { instancesOf } from "../../core/catalog/by-catalog-name.ts";
import type { CatalogSnapshot, ServiceInstance } from "../../core/catalog/snapshot.ts";
import { type ChosenCatalog, chosenCatalogs, sourceName } from "./chosen.ts";
import { openCatalog } from "./open.ts";
import type { SourceParts } from "./parts.ts";

/** How long the catalogs may take to answer completely. */
const PATIENCE_MS = 60_000;

/** For a command that reads once: errors are thrown, not reported. */
const SILENT: SourceParts["reporter"] = {
  requested() {},
  failed() {},
  recovered() {},
  strategyChosen() {},
  connectionsShort() {},
  sightChanged() {},
  settingDoubted() {},
  missed() {},
  eventsHeard() {},
  eventsUnheard() {},
  eventsReopened() {},
  credentialsRenewed() {},
  credentialsWarned() {},
};

/**
 * Every instance of every catalog, also of services that ask for no route. Throws CatalogError (exit code 69) where one
 * does not answer completely.
 */
export async function readCatalogs(settings: Settings): Promise<readonly ServiceInstance[]> {
  const signal = AbortSignal.timeout(PATIENCE_MS);
  return instancesOf(await Promise.all(chosenCatalogs(settings).map((catalog) => readOne(catalog, settings, signal))));
}

async function readOne(catalog: ChosenCatalog, { traefik }: Settings, signal: AbortSignal): Promise<CatalogSnapshot> {
  const named = catalog.name === undefined ? {} : { catalogName: catalog.name };
  const { source, close } = await openCatalog(catalog, {
    source: sourceName(catalog, traefik.prefix),
    reporter: SILENT,
    isWatched: () => true,
    changed() {},
  });
  try {
    await source.confirm(signal);
    const snapshot = source.snapshot();
    return { source: source.source, instances: [], freshness: "live", readAtMs: 0, ...snapshot, ...named };
  } finally {
    await close();
  }
}
