import { AppError } from "../../base/errors.ts";
import type { Settings } from "../../config/files/schema.ts";
import { instancesOf } from "../../core/catalog/by-catalog-name.ts";
import type { CatalogSnapshot, ServiceInstance } from "../../core/catalog/snapshot.ts";
import { type ChosenCatalog, chosenCatalogs, sourceName, titleOf } from "./chosen.ts";
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

/** A catalog that did not answer completely. */
export interface UnansweredCatalog {
  /** `Consul at http://127.0.0.1:8500`. */
  readonly title: string;
  readonly reason: string;
}

/** The same of those catalogs that answer, each by itself, for a command that goes on without the others. */
export async function readAnswering(
  settings: Settings,
): Promise<{ readonly snapshots: readonly CatalogSnapshot[]; readonly unanswered: readonly UnansweredCatalog[] }> {
  const signal = AbortSignal.timeout(PATIENCE_MS);
  const snapshots: CatalogSnapshot[] = [];
  const unanswered: UnansweredCatalog[] = [];
  await Promise.all(
    chosenCatalogs(settings).map(async (catalog) => {
      try {
        snapshots.push(await readOne(catalog, settings, signal));
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        unanswered.push({ title: titleOf(catalog), reason: error.message });
      }
    }),
  );
  return { snapshots, unanswered };
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
