import { type CatalogSnapshot, catalogNameIn } from "./snapshot.ts";

/**
 * Finds the catalog of a service by the service's key; of several by the name that the key begins with. Undefined where
 * there is no key, or one of a catalog that is no longer charted.
 */
export function catalogFinder<Catalog extends Pick<CatalogSnapshot, "catalogName">>(
  catalogs: readonly Catalog[],
): (serviceKey: string | undefined) => Catalog | undefined {
  const [only, ...others] = catalogs;
  if (others.length === 0 && only?.catalogName === undefined) return () => only;
  const byName = new Map(catalogs.map((catalog) => [catalog.catalogName, catalog]));
  return (serviceKey) => (serviceKey === undefined ? undefined : byName.get(catalogNameIn(serviceKey)));
}
