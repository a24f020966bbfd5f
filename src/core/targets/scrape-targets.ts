import { instancesOf } from "../catalog/by-catalog-name.ts";
import type { CatalogSnapshot } from "../catalog/snapshot.ts";
import { memoize } from "../incremental/memoize.ts";
import type { CoreSettings } from "../settings.ts";
import { catalogTargets } from "./catalog-targets.ts";
import { ledgerTargets } from "./ledger-targets.ts";
import { inOrder, placeOfMetrics, type ScrapeTarget } from "./target.ts";

/**
 * Everything that is to be scraped, in an order of its own: what the catalogs' tags say, and what the ledger says. Where both
 * speak of one place the catalog's counts, which knows more. One answer for each pair of snapshots and settings.
 */
export function scrapeTargets(snapshots: readonly CatalogSnapshot[], settings: CoreSettings): readonly ScrapeTarget[] {
  return targetsBy(settings)(snapshots);
}

const targetsBy = memoize((settings: CoreSettings) =>
  memoize((snapshots: readonly CatalogSnapshot[]): readonly ScrapeTarget[] => {
    const { targets } = catalogTargets(instancesOf(snapshots), settings);
    const places = new Set(targets.map(placeOfMetrics));
    return inOrder([
      ...targets,
      ...ledgerTargets(settings.ports.ledger).filter((one) => !places.has(placeOfMetrics(one))),
    ]);
  }),
);
