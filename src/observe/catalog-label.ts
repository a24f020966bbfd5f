/** The catalog's name as data of a log line, where it has one. */
export function catalogData(catalogName: string | undefined): { readonly catalog?: string } {
  return catalogName === undefined ? {} : { catalog: catalogName };
}
