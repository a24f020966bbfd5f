import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type Clock, systemClock } from "../clock.ts";
import { AppError } from "../errors.ts";
import { type Answer, send, textAnswer } from "./answer.ts";
import { createFaults, type Faults } from "./faults.ts";
import { createRequestLog, type Requests } from "./traffic.ts";

/** Answers one request, after the wait that it asks for. Rejects on a bug of ours only. */
export type AnswerRequest = (
  request: IncomingMessage,
  waiting: { readonly clock: Clock; readonly gone: AbortSignal },
) => Promise<Answer>;

export interface ListenOptions {
  /** Default: 127.0.0.1. */
  readonly host?: string;
  /** Default: 0, any free one. */
  readonly port?: number;
  /** Measures waits and slow answers. Default: the system's. */
  readonly clock?: Clock;
}

export interface CatalogServer {
  /** "http://127.0.0.1:PORT"; stays the same over close and reopen. */
  readonly url: string;
  readonly faults: Faults;
  readonly requests: Requests;
  /** Open connections, and the most there ever were at once. */
  readonly connections: { readonly open: number; readonly max: number };
  /** Refuses connections and ends those that are open, with every blocked query, at once. The catalog stays. */
  close(): Promise<void>;
  /** Listens again on the same port. */
  reopen(): Promise<void>;
}

/** Puts an API on a socket. Throws E_SIMULATOR_LISTEN where the port cannot be had. */
export async function startApiServer(answerRequest: AnswerRequest, options: ListenOptions): Promise<CatalogServer> {
  const { host = "127.0.0.1", clock = systemClock } = options;
  const faults = createFaults();
  const requests = createRequestLog();
  const connections = { open: 0, max: 0 };

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const gone = new AbortController();
    response.once("close", () => gone.abort());
    const path = new URL(request.url ?? "/", "http://catalog.invalid").pathname;
    requests.add(path, request);
    const answer = () => answerRequest(request, { clock, gone: gone.signal });
    const fault = faults.find(path);
    if (fault === undefined) send(response, await answer());
    else await fault({ response, answer, clock, gone: gone.signal });
  }

  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      if (!response.headersSent) send(response, textAnswer(500, `bug in the simulator: ${String(error)}`));
    });
  });
  // Like Consul and Nomad: a connection may idle for as long as it likes.
  server.keepAliveTimeout = 0;
  server.on("connection", (socket) => {
    connections.open += 1;
    connections.max = Math.max(connections.max, connections.open);
    socket.once("close", () => {
      connections.open -= 1;
    });
  });

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
    url: `http://${host.includes(":") ? `[${host}]` : host}:${port}`,
    faults,
    requests,
    connections,
    async close() {
      if (!server.listening) return;
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
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
