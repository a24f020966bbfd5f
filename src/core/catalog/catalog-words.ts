/** A catalog for people: `the catalog` where the settings list one only, else `catalog dc1`. */
export function catalogWords(catalogName: string | undefined): string {
  return catalogName === undefined ? "the catalog" : `catalog ${catalogName}`;
}
