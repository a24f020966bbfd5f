import { createAxiosClient } from "./axios-client.ts";
import type { HttpConnections } from "./connections.ts";
import type { CatalogEndpoint } from "./endpoint.ts";

/** HTTP/1.1 over TCP, TLS or a unix socket: each request under way occupies a connection. */
export function createHttp1(endpoint: CatalogEndpoint): HttpConnections {
  const { send, stream, keepAtRest, close } = createAxiosClient(endpoint);
  return {
    send: (request) => send(request),
    stream: (request) => stream(request),
    requestsPerConnection: 1,
    keepAtRest,
    close,
  };
}
