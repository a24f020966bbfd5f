import { memoize } from "../incremental/memoize.ts";
import type { CatalogSnapshot, ServiceInstance } from "./snapshot.ts";

/** The slices in the order of their catalogs' names, so that nothing depends on the order in which they are given. */
export function inCatalogNameOrder(snapshots: readonly CatalogSnapshot[]): readonly CatalogSnapshot[] {
  return snapshots.length === 1 ? snapshots : [...snapshots].sort(byCatalogName);
}

/** The instances of all catalogs, each under the name of its own. The same instance gives the same object, pass after pass. */
export function instancesOf(snapshots: readonly CatalogSnapshot[]): readonly ServiceInstance[] {
  return snapshots.flatMap(({ catalogName, instances }) =>
    catalogName === undefined ? instances : instances.map(namedFor(catalogName)),
  );
}

function byCatalogName({ catalogName: a = "" }: CatalogSnapshot, { catalogName: b = "" }: CatalogSnapshot): number {
  return a < b ? -1 : 1;
}

const named = new Map<string, (instance: ServiceInstance) => ServiceInstance>();

function namedFor(catalogName: string): (instance: ServiceInstance) => ServiceInstance {
  const known = named.get(catalogName) ?? memoize((instance: ServiceInstance) => ({ ...instance, catalogName }));
  named.set(catalogName, known);
  return known;
}
