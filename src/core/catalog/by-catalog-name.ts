import { remember } from "../incremental/memoize.ts";
import type { ServiceInstance, Slice } from "./snapshot.ts";

/** The slices in the order of their catalogs' names, so that nothing depends on the order in which they are given. */
export function inOrder(slices: readonly Slice[]): readonly Slice[] {
  return slices.length === 1 ? slices : [...slices].sort(byCatalogName);
}

/** The instances of all catalogs, each under the name of its own. The same instance gives the same object, pass after pass. */
export function instancesOf(slices: readonly Slice[]): readonly ServiceInstance[] {
  return slices.flatMap(({ catalogName, instances }) =>
    catalogName === undefined ? instances : instances.map(namedFor(catalogName)),
  );
}

function byCatalogName({ catalogName: a = "" }: Slice, { catalogName: b = "" }: Slice): number {
  return a < b ? -1 : 1;
}

const named = new Map<string, (instance: ServiceInstance) => ServiceInstance>();

function namedFor(catalogName: string): (instance: ServiceInstance) => ServiceInstance {
  const known = named.get(catalogName) ?? remember((instance: ServiceInstance) => ({ ...instance, catalogName }));
  named.set(catalogName, known);
  return known;
}
