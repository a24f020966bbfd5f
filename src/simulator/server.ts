import { type CatalogServer, type ListenOptions, startApiServer } from "./api/api-server.ts";
import { answerRequest } from "./consul/http-api.ts";
import type { AccessControl, ConsulVersion } from "./consul/route.ts";
import type { Catalog } from "./state/catalog.ts";

export type { CatalogServer } from "./api/api-server.ts";

export interface CatalogServerOptions extends ListenOptions {
  readonly catalog: Catalog;
  /** Tokens and their rights. Default: none, every request may do everything. */
  readonly acl?: AccessControl;
  /** The version of Consul whose headers are sent. Default: 1.8, which was compared with a real server. */
  readonly version?: ConsulVersion;
}

/** Puts a catalog on a socket, as Consul's HTTP API. Throws E_SIMULATOR_LISTEN where the port cannot be had. */
export function startCatalogServer(options: CatalogServerOptions): Promise<CatalogServer> {
  const { catalog, acl, version = "1.8", ...listening } = options;
  const agent = { catalog, acl, version, cached: new Set<string>() };
  return startApiServer((request, waiting) => answerRequest(agent, request, waiting), listening);
}
