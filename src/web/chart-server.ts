import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ServeObserver, ServeRefusal } from "../observe/observer.ts";
import { boundConnections, type ConnectionLimits } from "./bounded-connections.ts";
import { isKnown } from "./known-content.ts";
import { type ListenAddress, listenAt } from "./listen-at.ts";

/** PEM texts, and the oldest version of TLS. */
export interface ServerTls {
  readonly cert?: string;
  readonly key?: string;
  /** The authorities one of which must have signed the client's certificate; without it none is asked for. */
  readonly ca?: string;
  readonly minVersion: "TLSv1.2";
}

export interface ChartServerParts {
  /** Each chart's path → its text; undefined before there is one. */
  readonly charts: ReadonlyMap<string, () => string | undefined>;
  /** The certificates that count now, the same object until they change. Without it plain HTTP is spoken. */
  readonly tls?: () => ServerTls;
  /** Why a client that sends this header `Authorization` gets nothing; undefined where it gets the chart. */
  whyRefused(authorization: string | undefined): ServeRefusal | undefined;
  readonly observer: ServeObserver;
}

export interface ChartServer {
  /** Without a path. */
  readonly url: string;
  close(): Promise<void>;
}

/** How much of the listener its clients may take up. */
export interface ChartServerLimits extends ConnectionLimits {
  /** From the connection to the end of the TLS handshake, and from there to the last byte of the headers. */
  readonly headersMs: number;
  /** Without a byte taken or given. */
  readonly idleMs: number;
  /** From the first byte of the answer to its last. */
  readonly answerMs: number;
}

const LIMITS: ChartServerLimits = {
  connections: 64,
  ofClient: 8,
  headersMs: 5_000,
  idleMs: 10_000,
  answerMs: 60_000,
};
const MAX_HEADER_BYTES = 8_192;

/** A chart is given away in pieces of so many bytes: a reader that takes none costs one of them, not the chart. */
const PIECE_BYTES = 64 * 1024;

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

interface ServedText {
  readonly text: string;
  readonly bytes: Buffer;
  readonly etag: string;
}

/**
 * Serves charts to the HTTP provider of Traefiks on other machines, which asks every few seconds and keeps what it has for
 * any answer but 200. Before anything else a client shows its token, where one is demanded: without it each request gets
 * the same answer. Throws AppError when the address cannot be listened on.
 */
export async function startChartServer(
  listen: ListenAddress,
  parts: ChartServerParts,
  limits = LIMITS,
): Promise<ChartServer> {
  const server = openServer(parts, limits, createAnswers(parts, limits));
  const connections = boundConnections(server, limits);
  const at = await listenAt(server, listen, "serve.listen", "serve.listen");
  return {
    url: `${parts.tls === undefined ? "http" : "https"}://${at}`,
    close() {
      connections.close();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

function openServer(
  { tls, observer }: ChartServerParts,
  { headersMs, idleMs }: ChartServerLimits,
  answer: RequestListener,
): Server {
  const options = {
    headersTimeout: headersMs,
    requestTimeout: headersMs,
    connectionsCheckingInterval: Math.min(1_000, headersMs),
    maxHeaderSize: MAX_HEADER_BYTES,
  };
  const server = tls === undefined ? createServer(options, answer) : openTlsServer(tls, options, observer, answer);
  // A client asks every few seconds for what it has already: a connection kept meanwhile would be one that others lack.
  server.maxRequestsPerSocket = 1;
  server.setTimeout(idleMs);
  return server;
}

function openTlsServer(
  tls: () => ServerTls,
  options: Readonly<Record<string, number>> & { readonly headersTimeout: number },
  observer: ServeObserver,
  answer: RequestListener,
): Server {
  let inUse = tls();
  const demands = inUse.ca === undefined ? {} : { requestCert: true, rejectUnauthorized: true };
  const server = createTlsServer(
    { ...options, ...inUse, ...demands, handshakeTimeout: options.headersTimeout },
    answer,
  );
  server.prependListener("connection", () => {
    const latest = tls();
    if (latest === inUse) return;
    inUse = latest;
    server.setSecureContext(latest);
  });
  server.on("tlsClientError", (error: NodeJS.ErrnoException, { authorizationError, remoteAddress = "" }) => {
    // A certificate that is not admitted ends the connection without an error of its own.
    const code = authorizationError === null ? error.code : String(authorizationError);
    // Who only looks whether the port is open has not asked for the chart.
    if (code !== "ECONNRESET") observer.refused("no TLS", remoteAddress, code);
  });
  return server;
}

function createAnswers(parts: ChartServerParts, { answerMs }: ChartServerLimits): RequestListener {
  const served = new Map<string, ServedText>();

  function respond(request: IncomingMessage): Answer {
    const { method, url = "", headers, socket } = request;
    const refusal = parts.whyRefused(headers.authorization);
    if (refusal !== undefined) {
      parts.observer.refused(refusal, socket.remoteAddress ?? "");
      return textAnswer(401, "unauthorized", { "www-authenticate": "Bearer" });
    }
    if (method !== "GET" && method !== "HEAD") return textAnswer(405, "only GET and HEAD", { allow: "GET, HEAD" });
    const chart = parts.charts.get(url);
    if (chart === undefined) return textAnswer(404, `served here: ${[...parts.charts.keys()].join(" ")}`);
    const text = chart();
    if (text === undefined) return textAnswer(503, "there is no chart yet", { "retry-after": "5" });
    const { bytes, etag } = servedText(url, text);
    const known = isKnown(headers["if-none-match"], etag);
    return known
      ? { status: 304, headers: { etag }, body: NOTHING }
      : { status: 200, headers: { etag, ...described("application/yaml", bytes) }, body: bytes };
  }

  /** Made once for each text, however many clients ask for it. */
  function servedText(path: string, text: string): ServedText {
    const last = served.get(path);
    if (last?.text === text) return last;
    const bytes = Buffer.from(text);
    const etag = `"${createHash("sha256").update(bytes).digest("hex").slice(0, 32)}"`;
    const made = { text, bytes, etag };
    served.set(path, made);
    return made;
  }

  return (request, response) => {
    const { status, headers, body } = respond(request);
    response.writeHead(status, {
      ...headers,
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
      connection: "close",
    });
    if (request.method === "HEAD") response.end();
    else give(body, response, answerMs).catch(() => response.destroy());
  };
}

async function give(body: Buffer, response: ServerResponse, answerMs: number): Promise<void> {
  await pipeline(Readable.from(piecesOf(body)), response, { signal: AbortSignal.timeout(answerMs) });
}

function* piecesOf(body: Buffer): Generator<Buffer> {
  for (let from = 0; from < body.length; from += PIECE_BYTES) yield body.subarray(from, from + PIECE_BYTES);
}

const NOTHING = Buffer.alloc(0);

function textAnswer(status: number, text: string, headers: Answer["headers"] = {}): Answer {
  const body = Buffer.from(`${text}\n`);
  return { status, headers: { ...headers, ...described("text/plain; charset=utf-8", body) }, body };
}

function described(type: string, body: Buffer): Answer["headers"] {
  return { "content-type": type, "content-length": String(body.length) };
}
