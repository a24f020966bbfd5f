import { type CatalogServer, type ListenOptions, startApiServer } from "./api-server.ts";
import type { Catalog } from "./catalog.ts";
import { answerRequest } from "./http-api.ts";

export type { CatalogServer } from "./api-server.ts";

export interface CatalogServerOptions extends ListenOptions {
  readonly catalog: Catalog;
}

/** Puts a catalog on a socket, as Consul's HTTP API. Throws E_SIMULATOR_LISTEN where the port cannot be had. */
export function startCatalogServer({ catalog, ...options }: CatalogServerOptions): Promise<CatalogServer> {
  return startApiServer((request, waiting) => answerRequest(catalog, request, waiting), options);
}
