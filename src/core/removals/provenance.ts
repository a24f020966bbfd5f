import type { CatalogSnapshot } from "../catalog/snapshot.ts";
import type { CoreSettings } from "../settings.ts";

/** By which settings a chart was made. */
export interface Provenance {
  /** Settings with the same text chart the same; undefined where that is not known. */
  readonly settings?: string;
  /** What each catalog was read from, by its name; "" for one that has none. */
  readonly sources: ReadonlyMap<string, string>;
}

/** What the chart of this pass was made by: for the catalogs that have not answered yet, as before. */
export function provenanceNow(
  before: Provenance | undefined,
  snapshots: readonly CatalogSnapshot[],
  settings: CoreSettings,
): Provenance {
  const sources = new Map<string, string>();
  for (const { catalogName = "", source, freshness } of snapshots) {
    const known = freshness === "live" ? source : before?.sources.get(catalogName);
    if (known !== undefined) sources.set(catalogName, known);
  }
  const isWhole = snapshots.every(({ freshness }) => freshness === "live");
  const text = isWhole ? settingsText(settings) : before?.settings;
  return { sources, ...(text === undefined ? {} : { settings: text }) };
}

/** What routes depend on, as text. Nomad may be asked for the dynamic ports, so that they change without the settings. */
export function settingsText({ id, ports: { dynamic } }: CoreSettings): string | undefined {
  return id === undefined ? undefined : `${id} ${dynamic.first}-${dynamic.last}`;
}

/** Was the chart made by other settings? Not where that is not known. */
export function isMadeByOthers(provenance: Provenance | undefined, settings: CoreSettings): boolean {
  return provenance?.settings !== undefined && provenance.settings !== settingsText(settings);
}
