import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from "node:http";
import { REFUSALS, SERVER_HEADER } from "../api/refusal.ts";
import type { ServedResource } from "../api/served-resource.ts";
import { AppError } from "../base/errors.ts";
import { printableLines } from "../base/printable.ts";
import { type ListenAddress, listenAt } from "./listen-at.ts";
import { isOwnHost } from "./own-names.ts";
import { codingFor, type PageFile } from "./page-file.ts";

/** Where the listener listens, and under which names it is asked. */
export interface Listening extends ListenAddress {
  /** Names in lower case by which operators reach it, beside addresses and localhost. */
  readonly names: ReadonlySet<string>;
}

/** What the pages show, asked for at each request. */
export interface WebViews {
  /** Reasons beside readiness are those that do not count for it: a catalog of several that is away. */
  readiness(): { readonly isReady: boolean; readonly reasons: readonly string[] };
  metrics(): Promise<{ readonly text: string; readonly contentType: string }>;
  /** What is told as JSON, below `/v1`. */
  readonly resources: readonly ServedResource[];
  /** The files of the page for browsers, by path. */
  readonly files: ReadonlyMap<string, PageFile>;
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
  readonly body: string | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
}

const TEXT = "text/plain; charset=utf-8";

/** The page loads what the listener serves and nothing else, and none may put it into a frame. */
const SECURITY_POLICY = [
  "default-src 'none'",
  ...["script-src", "style-src", "connect-src", "img-src"].map((kind) => `${kind} 'self'`),
  ...["base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'"],
].join("; ");

const MOST_INDENTED = 200_000;
const JSON_TYPE = "application/json; charset=utf-8";

/**
 * Serves health, readiness, metrics and the resources of the API; reading only. `/healthz` says that the process works,
 * whatever the catalog does; `/readyz` says whether the chart can be trusted, and why not. Throws AppError when the address
 * cannot be listened on.
 */
export async function startWebServer(listen: Listening, views: WebViews, limits = LIMITS): Promise<WebServer> {
  const { connections, headersMs, requestMs, idleMs } = limits;
  const pages = pagesOf(views, listen.names);
  const server = createServer(
    {
      headersTimeout: headersMs,
      requestTimeout: requestMs,
      connectionsCheckingInterval: Math.min(1_000, headersMs),
      maxHeaderSize: MAX_HEADER_BYTES,
    },
    (request, response) => {
      respond(request, response, pages).catch(() => response.destroy());
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

/** Makes the page for a request, given the parameters behind its path. */
type MakePage = (query: URLSearchParams, request: IncomingMessage) => Page | Promise<Page>;

/** What is served, by path. */
function pagesOf(
  { readiness, metrics, resources, files }: WebViews,
  names: ReadonlySet<string>,
): ReadonlyMap<string, MakePage> {
  return new Map<string, MakePage>([
    ["/healthz", () => ({ status: 200, contentType: TEXT, body: "ok\n" })],
    ["/readyz", () => readinessPage(readiness())],
    [
      "/metrics",
      async () => {
        const { text, contentType } = await metrics();
        return { status: 200, contentType, body: text };
      },
    ],
    ...resources.map((resource): [string, MakePage] => [
      resource.path,
      (query, { headers: { host } }) => (isOwnHost(host, names) ? resourcePage(resource, query) : misdirected(host)),
    ]),
    ...[...files].map(([path, file]): [string, MakePage] => [
      path,
      (_, { headers }) => (isOwnHost(headers.host, names) ? filePage(file, headers) : misdirected(headers.host)),
    ]),
  ]);
}

async function respond(
  request: IncomingMessage,
  response: ServerResponse,
  pages: ReadonlyMap<string, MakePage>,
): Promise<void> {
  const page = await pageFor(request, pages);
  response.writeHead(page.status, {
    "content-type": page.contentType,
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    server: SERVER_HEADER,
    connection: "close",
    ...page.headers,
  });
  const body = typeof page.body === "string" ? printableLines(page.body) : page.body;
  response.end(request.method === "HEAD" ? undefined : body);
}

async function pageFor(request: IncomingMessage, pages: ReadonlyMap<string, MakePage>): Promise<Page> {
  if (request.method !== "GET" && request.method !== "HEAD") {
    return { status: 405, contentType: TEXT, body: "only GET and HEAD are served here\n" };
  }
  const [path = "", ...query] = (request.url ?? "").split("?");
  const make = pages.get(path);
  if (make === undefined) {
    return { status: 404, contentType: TEXT, body: `served here: ${[...pages.keys()].join(" ")}\n` };
  }
  return await make(new URLSearchParams(query.join("?")), request);
}

function filePage({ contentType, isLasting, bodies }: PageFile, headers: IncomingHttpHeaders): Page {
  const coding = codingFor(String(headers["accept-encoding"] ?? ""));
  return {
    status: 200,
    contentType,
    body: bodies[coding],
    headers: {
      "content-security-policy": SECURITY_POLICY,
      "referrer-policy": "no-referrer",
      vary: "accept-encoding",
      "cache-control": isLasting ? "public, max-age=31536000, immutable" : "no-store",
      ...(coding === "identity" ? {} : { "content-encoding": coding }),
    },
  };
}

function readinessPage({ isReady, reasons }: ReturnType<WebViews["readiness"]>): Page {
  const lines = isReady ? ["ready", ...reasons] : reasons;
  return { status: isReady ? 200 : 503, contentType: TEXT, body: `${lines.join("\n")}\n` };
}

async function resourcePage(resource: ServedResource, query: URLSearchParams): Promise<Page> {
  try {
    return jsonPage(200, await resource.answer(query));
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const { code, message } = error;
    return jsonPage(REFUSALS[code] ?? 500, { code, message });
  }
}

function jsonPage(status: number, body: unknown): Page {
  const compact = JSON.stringify(body);
  // No person reads so much, and the spaces would be half of it.
  const text = compact.length > MOST_INDENTED ? compact : JSON.stringify(body, null, 2);
  return { status, contentType: JSON_TYPE, body: `${text}\n` };
}

function misdirected(host: string | undefined): Page {
  const allowed = "addresses, localhost, this machine's name and the settings' listenNames are";
  const remedy = `listenNames: [${JSON.stringify(host?.replace(/:\d*$/, ""))}]`;
  const body = `found the host ${JSON.stringify(host)}; ${allowed} allowed; where it is this machine's, add to the settings:\n${remedy}\n`;
  return { status: 421, contentType: TEXT, body };
}
