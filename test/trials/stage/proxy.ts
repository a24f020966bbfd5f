import { once } from "node:events";
import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { systemClock } from "../../../src/base/clock.ts";
import type { Answer } from "../../../src/simulator/api/answer.ts";
import type { Fault } from "../../../src/simulator/faults/faults.ts";

export interface FaultyProxy {
  readonly url: string;
  /** From now on requests meet the fault; those that the catalog holds at this moment meet it at once. */
  begin(fault: Fault): void;
  /** Requests are passed on again. Those under the fault are cut, unless they are to stay as they are. */
  end(options?: { readonly keepsOpen: boolean }): void;
  close(): Promise<void>;
}

/** A request that has not been answered completely. */
interface Exchange {
  readonly incoming: IncomingMessage;
  readonly response: ServerResponse;
  /** Aborted when the client has gone. */
  readonly gone: AbortSignal;
  isFaulty: boolean;
}

/** Stands before a real catalog and passes everything on, or does to it what the embedded catalog's faults do. */
export async function startFaultyProxy(upstream: string): Promise<FaultyProxy> {
  const open = new Set<Exchange>();
  let current: Fault | undefined;
  const server = createServer((incoming, response) => {
    const gone = new AbortController();
    const exchange: Exchange = { incoming, response, gone: gone.signal, isFaulty: false };
    open.add(exchange);
    response.once("close", () => {
      open.delete(exchange);
      gone.abort();
    });
    if (current === undefined) passOn(upstream, exchange);
    else spoil(upstream, exchange, current, incoming.url ?? "/");
  });
  server.requestTimeout = 0;
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    begin(fault) {
      current = fault;
      for (const exchange of open) {
        if (!exchange.response.headersSent)
          spoil(upstream, exchange, fault, withoutIndex(exchange.incoming.url ?? "/"));
      }
    },
    end({ keepsOpen } = { keepsOpen: false }) {
      current = undefined;
      for (const { isFaulty, response } of open) if (isFaulty && !keepsOpen) response.destroy();
    },
    async close() {
      server.closeAllConnections();
      await once(server.close(), "close");
    },
  };
}

function passOn(upstream: string, exchange: Exchange): void {
  const { incoming, response, gone } = exchange;
  fetchAnswer(upstream, incoming, incoming.url ?? "/", gone).then(
    (answer) => {
      if (exchange.isFaulty) return answer.destroy();
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.once("error", () => response.destroy());
      return answer.pipe(response);
    },
    () => exchange.isFaulty || response.destroy(),
  );
}

function spoil(upstream: string, exchange: Exchange, fault: Fault, path: string): void {
  const { incoming, response, gone } = exchange;
  exchange.isFaulty = true;
  const answer = async () => readWhole(await fetchAnswer(upstream, incoming, path, gone));
  fault({ request: incoming, response, answer, clock: systemClock, gone }).catch(() => response.destroy());
}

/** The catalog's answer to the request; reads have no body. */
function fetchAnswer(upstream: string, from: IncomingMessage, path: string, signal: AbortSignal) {
  return new Promise<IncomingMessage>((resolve, reject) => {
    // Answers that are altered must not be compressed.
    const { "accept-encoding": _, ...headers } = from.headers;
    const asking = request(upstream + path, { headers, agent: false, signal }, resolve);
    asking.once("error", reject).end();
  });
}

/** The same question as one that does not block. */
function withoutIndex(path: string): string {
  return path.replaceAll(/([?&])(?:index|wait)=[^&]*/g, "$1");
}

async function readWhole(answer: IncomingMessage): Promise<Answer> {
  const body = await text(answer);
  const kept = Object.entries(answer.headers).filter(([name]) => !FRAMING.has(name));
  // The faults know Consul's headers as Consul spells them.
  const headers = Object.fromEntries(kept.map(([name, value]) => [capitalized(name), String(value)]));
  return { status: answer.statusCode ?? 502, headers, body };
}

const FRAMING: ReadonlySet<string> = new Set(["content-length", "transfer-encoding", "connection", "date"]);

function capitalized(header: string): string {
  return header.replaceAll(/(?:^|-)[a-z]/g, (start) => start.toUpperCase());
}
