import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { printableLines } from "../base/printable.ts";
import { type ListenAddress, listenAt } from "./listen-at.ts";
import { isOwnHost } from "./own-names.ts";

/** Where the listener listens, and under which names it is asked. */
export interface Listening extends ListenAddress {
  /** Names in lower case by which operators reach it, beside addresses and localhost. */
  readonly names: ReadonlySet<string>;
}

/** What the pages show, asked for at each request. */
export interface WebViews {
  /** Reasons beside readiness are those that do not count for it: a catalog of several that is away. */
  readiness(): { readonly isReady: boolean; readonly reasons: readonly string[] };
  /** Plain data for `/v1/status`. */
  status(): unknown;
  metrics(): Promise<{ readonly text: string; readonly contentType: string }>;
}

export interface WebServer {
  /** Where it listens; the port is the real one where 0 was asked for. */
  readonly url: string;
  close(): Promise<void>;
}

/** How much of the listener one client may take up. */
export interface WebLimits {
  readonly connections: number;
  /** From the connection to the last byte of the headers. */
  readonly headersMs: number;
  /** The same to the last byte of the request. */
  readonly requestMs: number;
  /** Without a byte taken or given. */
  readonly idleMs: number;
}

const LIMITS: WebLimits = { connections: 64, headersMs: 5_000, requestMs: 10_000, idleMs: 10_000 };
const MAX_HEADER_BYTES = 8_192;

interface Page {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

const TEXT = "text/plain; charset=utf-8";
const JSON_TYPE = "application/json; charset=utf-8";

/**
 * Serves health, readiness, metrics and status; reading only. `/healthz` says that the process works, whatever the catalog
 * does; `/readyz` says whether the chart can be trusted, and why not. Throws AppError when the address cannot
 * be listened on.
 */
export async function startWebServer(listen: Listening, views: WebViews, limits = LIMITS): Promise<WebServer> {
  const { connections, headersMs, requestMs, idleMs } = limits;
  const server = createServer(
    {
      headersTimeout: headersMs,
      requestTimeout: requestMs,
      connectionsCheckingInterval: Math.min(1_000, headersMs),
      maxHeaderSize: MAX_HEADER_BYTES,
    },
    (request, response) => {
      respond(request, response, views, listen.names).catch(() => response.destroy());
    },
  );
  server.maxConnections = connections;
  // A page shows the moment it was made: no client needs two in a row, and one that sends many requests at once would have
  // as many pages made.
  server.maxRequestsPerSocket = 1;
  // A client that reads nothing of its answer for so long loses the connection, which frees its memory.
  server.setTimeout(idleMs);
  const at = await listenAt(server, listen, "listen", "--listen HOST:PORT");
  return {
    url: `http://${at}`,
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

async function respond(
  request: IncomingMessage,
  response: ServerResponse,
  views: WebViews,
  names: ReadonlySet<string>,
): Promise<void> {
  const page = await pageFor(request, views, names);
  response.writeHead(page.status, {
    "content-type": page.contentType,
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    connection: "close",
  });
  response.end(request.method === "HEAD" ? undefined : printableLines(page.body));
}

async function pageFor(request: IncomingMessage, views: WebViews, names: ReadonlySet<string>): Promise<Page> {
  if (request.method !== "GET" && request.method !== "HEAD") {
    return { status: 405, contentType: TEXT, body: "only GET and HEAD are served here\n" };
  }
  switch (request.url?.split("?", 1)[0]) {
    case "/healthz":
      return { status: 200, contentType: TEXT, body: "ok\n" };
    case "/readyz": {
      const { isReady, reasons } = views.readiness();
      const lines = isReady ? ["ready", ...reasons] : reasons;
      return { status: isReady ? 200 : 503, contentType: TEXT, body: `${lines.join("\n")}\n` };
    }
    case "/metrics": {
      const { text, contentType } = await views.metrics();
      return { status: 200, contentType, body: text };
    }
    case "/v1/status":
      if (!isOwnHost(request.headers.host, names)) return misdirected(request.headers.host);
      return { status: 200, contentType: JSON_TYPE, body: `${JSON.stringify(views.status(), null, 2)}\n` };
    default:
      return { status: 404, contentType: TEXT, body: "served here: /healthz /readyz /metrics /v1/status\n" };
  }
}

function misdirected(host: string | undefined): Page {
  const allowed = "addresses, localhost, this machine's name and the settings' listenNames are";
  const remedy = `listenNames: [${JSON.stringify(host?.replace(/:\d*$/, ""))}]`;
  const body = `found the host ${JSON.stringify(host)}; ${allowed} allowed; where it is this machine's, add to the settings:\n${remedy}\n`;
  return { status: 421, contentType: TEXT, body };
}
