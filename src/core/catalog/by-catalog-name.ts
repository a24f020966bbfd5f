import { memoize } from "../incremental/memoize.ts";
import type { CatalogSnapshot, ServiceInstance } from "./snapshot.ts";

/** The snapshots in the order of their catalogs' names, so that nothing depends on the order in which they are given. */
export function inCatalogNameOrder(snapshots: readonly CatalogSnapshot[]): readonly CatalogSnapshot[] {
  return snapshots.length === 1 ? snapshots : [...snapshots].sort(byCatalogName);
}

/** The instances of all catalogs, each under the name of its own. The same instance gives the same object, pass after pass. */
export function instancesOf(snapshots: readonly CatalogSnapshot[]): readonly ServiceInstance[] {
  const [only] = snapshots;
  if (snapshots.length === 1 && only?.catalogName === undefined) return only?.instances ?? [];
  return snapshots.flatMap(({ catalogName, instances }) =>
    catalogName === undefined ? instances : instances.map((instance) => namer(instance)(catalogName)),
  );
}

function byCatalogName({ catalogName: a = "" }: CatalogSnapshot, { catalogName: b = "" }: CatalogSnapshot): number {
  return a < b ? -1 : 1;
}

/** An instance under the name of a catalog. It is read from one, so that nearly always it has one name. */
const namer = memoize((instance: ServiceInstance) => {
  let known: readonly ServiceInstance[] = [];
  return (catalogName: string): ServiceInstance => {
    const before = known.find((one) => one.catalogName === catalogName);
    if (before !== undefined) return before;
    const named = { ...instance, catalogName };
    known = [...known, named];
    return named;
  };
});
