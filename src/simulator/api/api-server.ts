import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { type Clock, systemClock } from "../../base/clock.ts";
import { AppError } from "../../base/errors.ts";
import { type Answer, send, textAnswer } from "./answer.ts";
import { type Connections, countConnections } from "./connections.ts";
import { createFaults, type Faults } from "./exchange.ts";
import { type CatalogRequest, type CatalogResponse, createListener, type TlsOptions } from "./listener.ts";
import { createRequestLog, type Requests } from "./traffic.ts";

/** Answers one request, after the wait that it asks for. Rejects on a bug of ours only. */
export type AnswerRequest = (
  request: CatalogRequest,
  waiting: { readonly clock: Clock; readonly gone: AbortSignal },
) => Promise<Answer>;

export interface ListenOptions {
  /** Default: 127.0.0.1. */
  readonly host?: string;
  /** Default: 0, any free one. */
  readonly port?: number;
  /** HTTPS, with HTTP/2 for clients that ask for it. Default: plain HTTP/1.1. */
  readonly tls?: TlsOptions;
  /** Connections from one address; more are closed at once. Consul's default is 200, Nomad's 100. Default: any number. */
  readonly maxConnectionsPerClient?: number;
  /** Measures waits and slow answers. Default: the system's. */
  readonly clock?: Clock;
}

export interface CatalogServer {
  /** "http://127.0.0.1:PORT", or https; stays the same over close and reopen. */
  readonly url: string;
  readonly faults: Faults;
  readonly requests: Requests;
  readonly connections: Pick<Connections, "open" | "max" | "refused">;
  /** Refuses connections and ends those that are open, with every blocked query, at once. The catalog stays. */
  close(): Promise<void>;
  /** Listens again on the same port. */
  reopen(): Promise<void>;
}

/** Puts an API on a socket. Throws E_SIMULATOR_LISTEN where the port cannot be had. */
export async function startApiServer(answerRequest: AnswerRequest, options: ListenOptions): Promise<CatalogServer> {
  const { host = "127.0.0.1", tls, maxConnectionsPerClient = Number.POSITIVE_INFINITY, clock = systemClock } = options;
  const faults = createFaults();
  const requests = createRequestLog();

  async function handle(request: CatalogRequest, response: CatalogResponse): Promise<void> {
    const gone = new AbortController();
    // Every answer ends here. Without a reason of ours each would pay for an exception and its stack.
    response.once("close", () => gone.abort("gone"));
    const path = new URL(request.url ?? "/", "http://catalog.invalid").pathname;
    requests.add(path, request);
    const answer = () => answerRequest(request, { clock, gone: gone.signal });
    const fault = faults.find(path);
    if (fault === undefined) await send(response, await answer());
    else await fault({ request, response, answer, clock, gone: gone.signal });
  }

  const server = createListener(tls, (request, response) => {
    handle(request, response).catch(async (error: unknown) => {
      if (!response.headersSent) await send(response, textAnswer(500, `bug in the simulator: ${String(error)}`));
    });
  });
  const connections = countConnections(server, maxConnectionsPerClient);

  async function listen(port: number): Promise<number> {
    try {
      server.listen(port, host);
      await once(server, "listening");
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      const remedy = "free the port or choose another, 0 for any";
      throw new AppError(`the embedded catalog cannot listen: ${reason}; ${remedy}`, {
        code: "E_SIMULATOR_LISTEN",
        retryable: false,
      });
    }
    return addressOf(server.address()).port;
  }

  const port = await listen(options.port ?? 0);
  return {
    url: `${tls === undefined ? "http" : "https"}://${host.includes(":") ? `[${host}]` : host}:${port}`,
    faults,
    requests,
    connections,
    async close() {
      if (!server.listening) return;
      const closed = once(server, "close");
      server.close();
      connections.endAll();
      await closed;
    },
    async reopen() {
      await listen(port);
    },
  };
}

function addressOf(address: AddressInfo | string | null): AddressInfo {
  if (address === null || typeof address === "string") throw new TypeError("bug: not listening on a TCP port");
  return address;
}
