import type { Settings } from "../../config/files/schema.ts";
import type { ReadCatalog } from "../../core/explain/decided.ts";
import { withoutCredentials } from "../../core/traefik/url-credentials.ts";
import type { WatchedCatalog } from "../../observe/status/source-status.ts";
import { chosenCatalogs, sectionOf } from "../catalogs/chosen.ts";

/** How each catalog is read, by the settings: what decides which services are seen of it. */
export function readCatalogs(settings: Settings): readonly ReadCatalog[] {
  return chosenCatalogs(settings).map((catalog): ReadCatalog => {
    const { name, kind } = catalog;
    const datacenter = kind === "consul" ? catalog.settings.datacenter : catalog.settings.region;
    const namespaces = [catalog.settings.namespace ?? (kind === "nomad" ? "default" : [])].flat();
    return {
      ...(name === undefined ? {} : { name }),
      product: kind,
      address: withoutCredentials(catalog.settings.address),
      ...(datacenter === undefined ? {} : { datacenter }),
      namespaces,
      section: sectionOf(catalog),
    };
  });
}

/** The same with how each catalog answers at the moment. */
export function watchedCatalogs(
  catalogs: readonly ReadCatalog[],
  watched: readonly WatchedCatalog[],
): readonly ReadCatalog[] {
  return catalogs.map((catalog) => {
    const { lastSuccessAtMs, lastError } = watched.find(({ name }) => name === catalog.name)?.status ?? {};
    return {
      ...catalog,
      ...(lastSuccessAtMs === undefined ? {} : { answeredAtMs: lastSuccessAtMs }),
      ...(lastError === undefined ? {} : { failure: lastError.message }),
    };
  });
}
