import type { CatalogSnapshot, PartialViewReason, ServiceInstance } from "../core/catalog/snapshot.ts";
import type { KeptMemory } from "../core/memory.ts";
import type { Hold } from "../core/removals/hold.ts";
import type { Provenance } from "../core/removals/provenance.ts";
import { isOfSettings } from "../core/removals/release.ts";
import { changedNames } from "../core/traefik/chart/changed-names.ts";

/** The last good slice as it is stored: bound to its source. */
export interface StoredSnapshot {
  readonly source: string;
  readonly readAtMs: number;
  readonly instances: readonly ServiceInstance[];
  /** What the catalog did not show even then. */
  readonly partialViewReasons?: readonly PartialViewReason[];
}

/** Is there nothing to store? Owners and the operator's names are the same maps as long as nothing has changed. */
export function isSameKept(one: KeptMemory, other: KeptMemory): boolean {
  return (
    one.owners === other.owners &&
    one.operatorConfig === other.operatorConfig &&
    changedNames(one.leftAtMs, other.leftAtMs).length === 0 &&
    isSameSet(one.released, other.released) &&
    changedNames(one.hosts, other.hosts).length === 0 &&
    changedNames(one.sharingGroups, other.sharingGroups).length === 0 &&
    isSameProvenance(one.provenance, other.provenance) &&
    JSON.stringify(lastingHolds(one)) === JSON.stringify(lastingHolds(other))
  );
}

/** The holds that outlive the process: only a person ends them. */
export function lastingHolds({ holds }: Pick<KeptMemory, "holds">): readonly Hold[] {
  return holds.filter(isOfSettings);
}

function isSameProvenance(one: Provenance | undefined, other: Provenance | undefined): boolean {
  if (one === undefined || other === undefined) return one === other;
  return one.settings === other.settings && changedNames(one.sources, other.sources).length === 0;
}

function isSameSet<T>(one: ReadonlySet<T>, other: ReadonlySet<T>): boolean {
  return one.size === other.size && [...one].every((item) => other.has(item));
}

/** The stored slice as a stand-in until the source answers; nothing where it was read from another source. */
export function standInSnapshot(stored: StoredSnapshot, source: string): CatalogSnapshot | undefined {
  if (stored.source !== source) return undefined;
  return { source, instances: stored.instances, freshness: "stored", readAtMs: stored.readAtMs };
}
