import { remember } from "./remember.ts";
import type { ServiceInstance, Slice } from "./snapshot.ts";

/**
 * The instances of all catalogs, in the order of the catalogs' names, each under the name of its own. The same instance gives
 * the same object, pass after pass.
 */
export function instancesOf(slices: readonly Slice[]): readonly ServiceInstance[] {
  const [only, ...others] = slices;
  if (only !== undefined && others.length === 0 && only.catalogName === undefined) return only.instances;
  return [...slices].sort(byCatalogName).flatMap((slice) => slice.instances.map(namedFor(slice.catalogName ?? "")));
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
