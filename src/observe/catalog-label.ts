/** A catalog for people: `the catalog` where the settings list one only, else `catalog dc1`. */
export function catalogWords(catalogName: string | undefined): string {
  return catalogName === undefined ? "the catalog" : `catalog ${catalogName}`;
}

/** The catalog's name as data of a log line, where it has one. */
export function catalogData(catalogName: string | undefined): { readonly catalog?: string } {
  return catalogName === undefined ? {} : { catalog: catalogName };
}
