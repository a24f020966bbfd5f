/**
 * The door of the embedded catalog: all that the rest of the program may import of it. Tests and benchmarks reach into
 * its rooms as they need.
 */
export { answersEmpty } from "./faults/altered.ts";
export { type CatalogServer, startCatalogServer } from "./server.ts";
export { type Catalog, createCatalog } from "./state/catalog.ts";
