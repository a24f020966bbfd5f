import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { SERVER_HEADER } from "../api/refusal.ts";
import { AppError } from "../base/errors.ts";
import { printableLines } from "../base/printable.ts";
import type { LiveFeed } from "../observe/live/live-feed.ts";
import { type Admission, type AdmissionLimits, admitConnections } from "./admission.ts";
import { clientOf } from "./client-of.ts";
import { createEventStreams, type EventStreams, type StreamLimits } from "./event-streams.ts";
import { type ListenAddress, listenAt } from "./listen-at.ts";
import { isOwnHost } from "./own-names.ts";
import { type MakePage, misdirected, type Page, pagesOf, refusalPage, TEXT, type WebViews } from "./pages.ts";
import { asksForStream, resumedAfter } from "./stream-request.ts";
import { createTurns, type Turns } from "./turns.ts";

/** Where the listener listens, and under which names it is asked. */
export interface Listening extends ListenAddress {
  /** Names in lower case by which operators reach it, beside addresses and localhost. */
  readonly names: ReadonlySet<string>;
}

/** What is served. */
export interface WebParts extends WebViews {
  /** What streams of events are told; `told` is called when there is more. Absent: there are no streams. */
  readonly live?: { readonly feed: LiveFeed; follow(told: () => void): void };
}

export interface WebServer {
  /** Where it listens; the port is the real one where 0 was asked for. */
  readonly url: string;
  close(): Promise<void>;
}

/** How much of the listener its clients may take up. */
export interface WebLimits extends AdmissionLimits, StreamLimits {
  /** From the connection to the last byte of the headers. */
  readonly headersMs: number;
  /** The same to the last byte of the request. */
  readonly requestMs: number;
  /** Without a byte taken or given. */
  readonly idleMs: number;
}

const LIMITS: WebLimits = {
  ...{ waiting: 512, answering: 64, unreadBytes: 64 * 1024 * 1024 },
  ...{ streams: 256, keepAliveMs: 15_000, stalledMs: 30_000 },
  ...{ headersMs: 5_000, requestMs: 10_000, idleMs: 10_000 },
};

/** A name of a thousand characters fits, each written as nine; a browser adds some hundred bytes. */
const MAX_HEADER_BYTES = 16_384;

/** How a request that is no HTTP, or too large, is refused. */
const REFUSED_HEADERS: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: `431 Request Header Fields Too Large\n${MAX_HEADER_BYTES} bytes are allowed for the address and all headers together: ask for less at once`,
  ERR_HTTP_REQUEST_TIMEOUT: "408 Request Timeout\nthe request did not come in time",
};

/**
 * In a browser: everything comes from the listener itself, no other site may embed or read it, and its address goes to none. The
 * page is bound by the same policy as any answer.
 */
const SECURITY_HEADERS = {
  "content-security-policy": [
    "default-src 'none'",
    ...["script-src", "style-src", "connect-src", "img-src"].map((kind) => `${kind} 'self'`),
    ...["base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'"],
  ].join("; "),
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-resource-policy": "same-origin",
  "cross-origin-opener-policy": "same-origin",
};

const STREAM_PATH = "/v1/events";

/**
 * Serves health, readiness, metrics, the resources of the API, the page for browsers and what keeps it live; reading only.
 * `/healthz` says that the process works, whatever the catalog does; `/readyz` says whether the chart can be trusted, and why
 * not. Throws AppError when the address cannot be listened on.
 */
export async function startWebServer(listen: Listening, parts: WebParts, limits = LIMITS): Promise<WebServer> {
  const { headersMs, requestMs, idleMs } = limits;
  const pages = pagesOf(parts, listen.names);
  const streams = parts.live && createEventStreams(parts.live.feed, limits);
  if (streams !== undefined) parts.live?.follow(streams.told);
  const server = createServer(
    {
      headersTimeout: headersMs,
      requestTimeout: requestMs,
      connectionsCheckingInterval: Math.min(1_000, headersMs),
      maxHeaderSize: MAX_HEADER_BYTES,
    },
    (request, response) => {
      admission.asked(request.socket);
      if (streams !== undefined && asksForStream(request) && pathOf(request) === STREAM_PATH) {
        try {
          give(stream(request, response, streams, listen.names), request, response);
        } catch {
          response.destroy();
        }
        return;
      }
      respond(request, response, { pages, admission, turns }).catch(() => response.destroy());
    },
  );
  const admission = admitConnections(server, limits);
  const turns = createTurns();
  server.on("clientError", refuseHeaders);
  // A page shows the moment it was made: no client needs two in a row, and one that sends many requests at once would have
  // as many pages made.
  server.maxRequestsPerSocket = 1;
  // A client that reads nothing of its answer for so long loses the connection, which frees its memory.
  server.setTimeout(idleMs);
  const at = await listenAt(server, listen, "listen", "--listen HOST:PORT");
  return {
    url: `http://${at}`,
    close() {
      streams?.close();
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

/** By these the daemon itself is watched: they are answered whatever else is. */
const URGENT = new Set(["/healthz", "/readyz", "/metrics"]);

interface Answering {
  readonly pages: ReadonlyMap<string, MakePage>;
  readonly admission: Admission;
  readonly turns: Turns;
}

async function respond(
  request: IncomingMessage,
  response: ServerResponse,
  { pages, admission, turns }: Answering,
): Promise<void> {
  const isUrgent = URGENT.has(pathOf(request));
  if (!admission.admit(response, isUrgent)) {
    give(BUSY, request, response);
    return;
  }
  if (!isUrgent) await turns.next(clientOf(request.socket.remoteAddress));
  // Its client has gone, or it gave way to another.
  if (response.destroyed) return;
  const page = await pageFor(request, pages);
  if (response.destroyed) return;
  give(page, request, response);
  admission.handedOver();
}

const BUSY: Page = {
  status: 503,
  contentType: TEXT,
  body: "too many requests are being answered already; ask again in a second\n",
  headers: { "retry-after": "1" },
};

/** Nothing where the answer was given already. */
function give(page: Page | undefined, request: IncomingMessage, response: ServerResponse): void {
  if (page === undefined) return;
  response.writeHead(page.status, headersOf(page));
  const body = typeof page.body === "string" ? printableLines(page.body) : page.body;
  response.end(request.method === "HEAD" ? undefined : body);
}

function headersOf({ contentType, headers }: Pick<Page, "contentType" | "headers">): Readonly<Record<string, string>> {
  return {
    "content-type": contentType,
    "cache-control": "no-store",
    ...SECURITY_HEADERS,
    server: SERVER_HEADER,
    connection: "close",
    ...headers,
  };
}

/** Opens a stream; otherwise says why not. */
function stream(
  request: IncomingMessage,
  response: ServerResponse,
  streams: EventStreams,
  names: ReadonlySet<string>,
): Page | undefined {
  const { headers, socket } = request;
  if (!isOwnHost(headers.host, names)) return misdirected(headers.host);
  try {
    const after = resumedAfter(queryOf(request), headers);
    if (!streams.admit(socket.remoteAddress)) throw streams.full();
    // A proxy in between is asked to hold nothing back.
    streams.open(response, { ...headersOf({ contentType: "text/event-stream" }), "x-accel-buffering": "no" }, after);
    return undefined;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return refusalPage(error);
  }
}

async function pageFor(request: IncomingMessage, pages: ReadonlyMap<string, MakePage>): Promise<Page> {
  if (request.method !== "GET" && request.method !== "HEAD") {
    return {
      status: 405,
      contentType: TEXT,
      body: "only GET and HEAD are served here\n",
      headers: { allow: "GET, HEAD" },
    };
  }
  const make = pages.get(pathOf(request));
  if (make === undefined) {
    const known = [...pages.keys()].filter((path) => !path.startsWith("/assets/"));
    return { status: 404, contentType: TEXT, body: `served here: ${known.join(" ")}\n` };
  }
  return await make(queryOf(request), request);
}

function pathOf({ url = "" }: IncomingMessage): string {
  return url.split("?", 1)[0] ?? "";
}

function queryOf({ url = "" }: IncomingMessage): URLSearchParams {
  return new URLSearchParams(url.split("?").slice(1).join("?"));
}

function refuseHeaders(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (!socket.writable || error.code === "ECONNRESET") return void socket.destroy();
  const [status, why] = (REFUSED_HEADERS[error.code ?? ""] ?? "400 Bad Request\nthis is no request by HTTP/1.1").split(
    "\n",
  );
  socket.end(`HTTP/1.1 ${status}\r\ncontent-type: ${TEXT}\r\nconnection: close\r\n\r\n${why}\n`);
  // One that does not read it, or goes on sending, is not waited for.
  setTimeout(() => socket.destroy(), 1_000).unref();
}
