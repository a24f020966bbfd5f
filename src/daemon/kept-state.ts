import type { KeptMemory } from "../core/memory.ts";
import { type Hold, lastingHolds, partlyReleasedHolds } from "../core/removals/hold.ts";
import type { Provenance } from "../core/removals/provenance.ts";
import { changedNames } from "../core/traefik/chart/changed-names.ts";

/**
 * Whether there is nothing new to store. Owners and the operator's names are compared by identity: they are the same maps
 * as long as nothing has changed.
 */
export function isSameKept(one: KeptMemory, other: KeptMemory): boolean {
  const [removals, others] = [one.removals, other.removals];
  return (
    one.owners === other.owners &&
    changedNames(one.definitions.routers, other.definitions.routers).length === 0 &&
    changedNames(one.references.closed, other.references.closed).length === 0 &&
    one.chart.operatorNames === other.chart.operatorNames &&
    changedNames(removals.leftAtMs, others.leftAtMs).length === 0 &&
    isSameSet(removals.released, others.released) &&
    isSameSet(removals.paged, others.paged) &&
    removals.sleepers === others.sleepers &&
    changedNames(one.hosts.owners, other.hosts.owners).length === 0 &&
    changedNames(one.hosts.sharingGroups, other.hosts.sharingGroups).length === 0 &&
    isSameProvenance(removals.provenance, others.provenance) &&
    JSON.stringify(storedHolds(removals.holds)) === JSON.stringify(storedHolds(others.holds))
  );
}

function storedHolds(holds: readonly Hold[]): readonly Hold[] {
  return [...lastingHolds(holds), ...partlyReleasedHolds(holds)];
}

function isSameProvenance(one: Provenance | undefined, other: Provenance | undefined): boolean {
  if (one === undefined || other === undefined) return one === other;
  return one.settings === other.settings && changedNames(one.sources, other.sources).length === 0;
}

function isSameSet<T>(one: ReadonlySet<T>, other: ReadonlySet<T>): boolean {
  return one.size === other.size && [...one].every((item) => other.has(item));
}
