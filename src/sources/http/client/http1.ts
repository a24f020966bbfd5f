import { Agent as HttpAgent, request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import { urlToHttpOptions } from "node:url";
import { collectBody, textOf } from "./body.ts";
import { limitConnecting } from "./connect-timeout.ts";
import type { HttpAnswer, HttpConnections, HttpRequest } from "./connections.ts";
import type { CatalogEndpoint } from "./endpoint.ts";
import { ReloadingAgent } from "./reloading-agent.ts";

/** TCP keepalive finds a peer that vanished without a word; the request's deadline is the second net. */
const KEEP_ALIVE = { keepAlive: true, keepAliveMsecs: 15_000, maxFreeSockets: 8 };

/** HTTP/1.1 over TCP, TLS or a unix socket: each request under way occupies a connection. */
export function createHttp1({ baseUrl, socketPath, tls }: CatalogEndpoint): HttpConnections {
  const request = tls === undefined ? requestHttp : requestHttps;
  const agent = tls === undefined ? new HttpAgent(KEEP_ALIVE) : new ReloadingAgent(tls, KEEP_ALIVE);
  // Taken apart once: with thousands of reads the URL is a tenth of what a request costs.
  const { protocol, hostname, port, path: basePath } = urlToHttpOptions(new URL(baseUrl));
  const fixed = { protocol, hostname, port, agent, ...(socketPath === undefined ? {} : { socketPath }) };

  function send({ method = "GET", path, headers, body, maxBytes, signal }: HttpRequest): Promise<HttpAnswer> {
    return new Promise((resolve, reject) => {
      const outgoing = request({ ...fixed, method, path: `${basePath}${path}`, headers, signal }, (incoming) => {
        const header = (name: string) => [incoming.headers[name]].flat()[0];
        collectBody(incoming, maxBytes, () => incoming.complete)
          .then((bytes) => textOf(bytes, header("content-encoding"), maxBytes))
          .then((text) => {
            const answer = { status: incoming.statusCode ?? 0, header, text };
            // Only then is the connection free: whoever asks again at once shall not open another one.
            if (outgoing.closed) resolve(answer);
            else outgoing.once("close", () => resolve(answer));
          })
          .catch(reject);
      });
      outgoing.once("socket", (socket) => limitConnecting(socket, (error) => outgoing.destroy(error)));
      outgoing.on("error", reject);
      outgoing.end(body);
    });
  }

  return { send, requestsPerConnection: 1, close: () => agent.destroy() };
}
