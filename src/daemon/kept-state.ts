import type { Hold, KeptMemory } from "../core/memory.ts";
import type { Provenance } from "../core/removals/provenance.ts";
import { isOfSettings } from "../core/removals/release.ts";
import { changedNames } from "../core/traefik/chart/changed-names.ts";

/**
 * Whether there is nothing new to store. Owners and the operator's names are compared by identity: they are the same maps
 * as long as nothing has changed.
 */
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

/** The holds that outlive the process: only the operator ends them. */
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
