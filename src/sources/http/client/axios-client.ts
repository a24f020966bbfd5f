import { type ClientRequest, validateHeaderValue } from "node:http";
import type { Readable } from "node:stream";
import type { AxiosResponse } from "axios";
import { CatalogAgent } from "./agent.ts";
import { ANSWER_MEMORY, type AnswerMemory } from "./answer-memory.ts";
import { answerText, untilCut } from "./answer-text.ts";
import { Axios, isCancel } from "./axios.ts";
import { wasNew, withoutRequest } from "./axios-failure.ts";
import type { HttpAnswer, HttpRequest, HttpStream } from "./connections.ts";
import type { CatalogEndpoint } from "./endpoint.ts";
import type { Http2Transport } from "./http2/transport.ts";
import { ReloadingAgent } from "./reloading-agent.ts";

/** Sends requests to one endpoint. */
export interface AxiosClient {
  /**
   * Rejects with what the network said, or with one of the marks of `failure.ts`; neither holds the request.
   *
   * @param transport the HTTP/2 connection to send by; without one, an HTTP/1.1 connection of the endpoint's agent
   */
  send(request: HttpRequest, transport?: Http2Transport): Promise<HttpAnswer>;
  /** The same for an answer that is read as it comes; by HTTP/1.1. */
  stream(request: Omit<HttpRequest, "maxBytes">): Promise<HttpStream>;
  /** Closes those connections at rest that are more than so many. */
  keepAtRest(most: number): void;
  close(): void;
}

/** Headers that axios would add, and that were never sent: `false` keeps them out. */
const NOT_ADDED = { "user-agent": false, "content-type": false, "accept-encoding": "identity" };

/**
 * One axios instance for an endpoint: the only place that sends a request, and the only one that sees an error or an
 * answer of axios. Both hold the request with its token, so what goes on from here is copied out of them: status,
 * headers and text, or a code.
 *
 * Done here, since axios does it otherwise: it takes a truncated gzip body as whole, so it unpacks nothing; it removes
 * control characters from a header's value and sends the rest, half a token, so values are checked before. It would follow
 * redirects and the proxies of the environment with the token, so both are off.
 */
export function createAxiosClient(
  { baseUrl, socketPath, tls }: CatalogEndpoint,
  memory: AnswerMemory = ANSWER_MEMORY,
): AxiosClient {
  const agent = tls === undefined ? new CatalogAgent() : new ReloadingAgent(tls);
  const axios = new Axios({
    adapter: "http",
    baseURL: baseUrl,
    socketPath: socketPath ?? null,
    httpAgent: agent,
    httpsAgent: agent,
    proxy: false,
    maxRedirects: 0,
    allowAbsoluteUrls: false,
    decompress: false,
    responseType: "stream",
    validateStatus: null,
  });

  async function ask(
    { method = "GET", path, headers, body, signal }: Omit<HttpRequest, "maxBytes">,
    transport?: Http2Transport,
  ): Promise<AxiosResponse<Readable>> {
    for (const [name, value] of Object.entries(headers)) validateHeaderValue(name, value);
    return await axios.request<Readable>({
      method,
      url: path,
      headers: { ...NOT_ADDED, ...headers },
      data: body,
      signal,
      transport,
    });
  }

  return {
    async send(request, transport) {
      try {
        const answer = await ask(request, transport);
        const copy = await copyOf(answer, request.maxBytes, memory);
        if (transport === undefined) await untilFree(answer.request);
        return copy;
      } catch (error) {
        throw withoutRequest(error, socketPath);
      }
    },
    async stream(request) {
      try {
        const answer = await ask(request);
        return { status: answer.status, header: headerOf(answer), parts: partsOf(answer.data) };
      } catch (error) {
        throw withoutRequest(error, socketPath);
      }
    },
    keepAtRest(most) {
      const atRest = Object.values(agent.freeSockets).flatMap((sockets) => sockets ?? []);
      // The agent takes the last one for the next request, and looks only at the first whether they are destroyed.
      for (const socket of atRest.slice(0, Math.max(0, atRest.length - most))) socket.destroy();
    },
    close: () => agent.destroy(),
  };
}

/** A request must not take its connection from a request that has its answer already, and is about to give it back. */
async function untilFree(request: ClientRequest): Promise<void> {
  if (request.closed) return;
  await new Promise<void>((resolve) => {
    request.once("close", resolve);
  });
}

async function copyOf(answer: AxiosResponse<Readable>, maxBytes: number, memory: AnswerMemory): Promise<HttpAnswer> {
  const header = headerOf(answer);
  const text = await answerText(answer.data, header("content-encoding"), maxBytes, memory);
  return { status: answer.status, header, text, isNewConnection: wasNew(answer.request) };
}

function headerOf({ headers: found }: AxiosResponse): HttpAnswer["header"] {
  const headers = new Map(Object.entries(found).map(([name, value]) => [name.toLowerCase(), [value].flat()[0]]));
  return (name) => headers.get(name)?.toString();
}

async function* partsOf(body: Readable): AsyncGenerator<Buffer> {
  try {
    yield* untilCut(body, (error) => !isCancel(error));
  } catch (error) {
    throw withoutRequest(error);
  }
}
