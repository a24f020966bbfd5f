import type { HttpConnections } from "./connections.ts";
import type { CatalogEndpoint } from "./endpoint.ts";
import { createHttp1 } from "./http1.ts";
import { createHttps } from "./https.ts";

/** Connections to an endpoint, by the best protocol that it speaks. */
export function openConnections(endpoint: CatalogEndpoint, mostConnections: number): HttpConnections {
  return endpoint.tls === undefined ? createHttp1(endpoint) : createHttps(endpoint, endpoint.tls, mostConnections);
}
