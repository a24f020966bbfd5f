import type { ClientPorts } from "../../core/ports/dynamic-range.ts";
import { PRODUCTS, type Product } from "../catalog/product.ts";
import { type CatalogConnection, type CatalogRequest, createCatalogHttp } from "../http/catalog-http.ts";
import { decodeClients } from "./decode-clients.ts";
import { pathWithParameters } from "./path-with-parameters.ts";

/** Nomad where it is asked for its clients: another right, and index 0 hides nothing. */
const NOMAD_CLIENTS: Product = {
  ...PRODUCTS.nomad,
  indexZero: undefined,
  rights: 'the token needs node { policy = "read" }',
};

export interface ClientsReaderOptions extends CatalogConnection {
  /** Default: the agent's own. */
  readonly region?: string;
}

/** Asks a Nomad for its clients. */
export interface ClientsReader {
  /** All clients with their ports, at once. Rejects with a CatalogError only. */
  read(signal: AbortSignal): Promise<readonly ClientPorts[]>;
  close(): void;
}

/**
 * One plain read, without waiting for news: the index of the clients moves whenever an allocation changes anywhere, their
 * ports only when an operator restarts a client with other settings.
 */
export function createClientsReader(options: ClientsReaderOptions): ClientsReader {
  const http = createCatalogHttp(options, NOMAD_CLIENTS);
  const query = {
    endpoint: "/v1/nodes",
    isLarge: true,
    ask: (request: CatalogRequest) =>
      request.get(pathWithParameters("/nodes", { resources: "true", region: options.region }, request)),
    decode: decodeClients,
  };
  return {
    read: async (signal) => (await http.read(query, { index: 0n, consistency: "stale", signal })).value,
    close: http.close,
  };
}
