import { instancesOf } from "../catalog/by-catalog-name.ts";
import type { CatalogSnapshot } from "../catalog/snapshot.ts";
import { memoize } from "../incremental/memoize.ts";
import { isOwner } from "../ports/ledger/owner.ts";
import type { CoreSettings } from "../settings.ts";
import { catalogTargets } from "./catalog-targets.ts";
import { type LedgerTarget, ledgerTargets } from "./ledger-targets.ts";
import { inOrder, placeOfMetrics, type ScrapeTarget } from "./target.ts";

/**
 * Everything that is to be scraped, in an order of its own: what the catalogs' tags say, and what the ledger says. Where both
 * speak of one place the catalog's counts, which knows more, if its service is one that the ledger's entry names; else the ledger's,
 * which is the operator's word. One answer for each pair of snapshots and settings.
 */
export function scrapeTargets(snapshots: readonly CatalogSnapshot[], settings: CoreSettings): readonly ScrapeTarget[] {
  return targetsBy(settings)(snapshots);
}

const targetsBy = memoize((settings: CoreSettings) =>
  memoize((snapshots: readonly CatalogSnapshot[]): readonly ScrapeTarget[] => {
    const { targets } = catalogTargets(instancesOf(snapshots), settings);
    const registered = Map.groupBy(targets, placeOfMetrics);
    const declared = Map.groupBy(ledgerTargets(settings.ports.ledger), ({ target }) => placeOfMetrics(target));
    const isOwners = (entries: readonly LedgerTarget[], { of: { service = "", namespace = "" } }: ScrapeTarget) =>
      entries.some(({ entry }) => isOwner(entry, { service, namespace }));
    return inOrder([
      ...targets.filter((one) => {
        const entries = declared.get(placeOfMetrics(one));
        return entries === undefined || isOwners(entries, one);
      }),
      ...[...declared].flatMap(([place, entries]) => {
        const isRegistered = registered.get(place)?.some((one) => isOwners(entries, one)) === true;
        return isRegistered ? [] : entries.map(({ target }) => target);
      }),
    ]);
  }),
);
