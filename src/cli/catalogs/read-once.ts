import type { Settings } from "../../config/schema.ts";
import type { ServiceInstance } from "../../core/snapshot.ts";
import type { SourceReporter } from "../../sources/source.ts";
import { chosenCatalog, sourceName } from "./chosen.ts";
import { openCatalog } from "./open.ts";

/** How long the catalog may take to answer completely. */
const PATIENCE_MS = 60_000;

/** For a command that looks once: what goes wrong is thrown. */
const SILENT: SourceReporter = { requested() {}, failed() {}, recovered() {}, strategyChosen() {} };

/**
 * Every instance of the catalog, also of services that ask for no route. Throws CatalogError (exit code 69) where it does
 * not answer completely.
 */
export async function readCatalog(settings: Settings): Promise<readonly ServiceInstance[]> {
  const catalog = chosenCatalog(settings);
  const { source, close } = await openCatalog(catalog, {
    source: sourceName(catalog, settings.traefik.prefix),
    reporter: SILENT,
    isWatched: () => true,
    changed() {},
  });
  try {
    await source.confirm(AbortSignal.timeout(PATIENCE_MS));
    return source.slice()?.instances ?? [];
  } finally {
    close();
  }
}
