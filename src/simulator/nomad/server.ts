import { type CatalogServer, type ListenOptions, startApiServer } from "../api/api-server.ts";
import type { NomadCatalog } from "./catalog.ts";
import { answerNomadRequest } from "./http-api.ts";

/** Nomad's own, recorded. */
const HEARTBEAT_MS = 30_000;

export interface NomadServerOptions extends ListenOptions {
  readonly catalog: NomadCatalog;
  /** Between two signs of life of an event stream. Default: Nomad's 30 s. */
  readonly heartbeatMs?: number;
}

/**
 * Puts a catalog on a socket, as Nomad's HTTP API; with TLS no HTTP/2 is offered. Throws E_SIMULATOR_LISTEN where the port
 * cannot be had.
 */
export function startNomadServer(options: NomadServerOptions): Promise<CatalogServer> {
  const { catalog, heartbeatMs = HEARTBEAT_MS, tls, ...listening } = options;
  return startApiServer((request, waiting) => answerNomadRequest(catalog, request, { ...waiting, heartbeatMs }), {
    ...listening,
    ...(tls === undefined ? {} : { tls: { ...tls, isHttp1Only: true } }),
  });
}
