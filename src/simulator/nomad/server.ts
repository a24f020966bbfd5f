import { type CatalogServer, type ListenOptions, startApiServer } from "../api/api-server.ts";
import type { NomadCatalog } from "./catalog.ts";
import { answerNomadRequest } from "./http-api.ts";

export interface NomadServerOptions extends ListenOptions {
  readonly catalog: NomadCatalog;
}

/** Puts a catalog on a socket, as Nomad's HTTP API. Throws E_SIMULATOR_LISTEN where the port cannot be had. */
export function startNomadServer({ catalog, ...options }: NomadServerOptions): Promise<CatalogServer> {
  return startApiServer((request, waiting) => answerNomadRequest(catalog, request, waiting), options);
}
