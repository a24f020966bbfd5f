import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createSecureServer } from "node:http2";
import { createServer as createHttpsServer } from "node:https";
import type { AddressInfo, Server, Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { gzipSync } from "node:zlib";
import pino from "pino";
import { afterAll, afterEach, beforeAll } from "vitest";
import { PRODUCTS, type Product } from "../../../src/sources/catalog/product.ts";
import type { HttpConnections } from "../../../src/sources/http/client/connections.ts";
import { openEndpoint } from "../../../src/sources/http/client/endpoint.ts";
import { openConnections } from "../../../src/sources/http/client/open.ts";
import { makeAuthority } from "../../support/certificates.ts";

/* Servers that answer badly, over each wire, for the tests of one file; they end after each test. */

export type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** How a server is spoken with. */
export const WIRES = ["HTTP/1.1", "HTTP/1.1 over TLS", "HTTP/2"] as const;
export type Wire = (typeof WIRES)[number];

let dir: string;
let files: { readonly cert: Buffer; readonly key: Buffer };
let caFile: string;
const running: { readonly server: Server; readonly sockets: Set<Socket> }[] = [];

/** Makes the servers' certificate for the tests of a file, and ends its servers. To be called at the top of each such file. */
export function useBadServers(): void {
  beforeAll(() => {
    dir = mkdtempSync(join(tmpdir(), "portolan-bad-input-"));
    const ca = makeAuthority(dir, "ca");
    const { cert, key } = ca.sign("server", "subjectAltName=IP:127.0.0.1");
    files = { cert: readFileSync(cert), key: readFileSync(key) };
    caFile = ca.cert;
  });
  afterEach(async () => {
    for (const { server, sockets } of running.splice(0)) {
      const closed = once(server, "close");
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    }
  });
  afterAll(() => rmSync(dir, { recursive: true, force: true }));
}

function serverFor(wire: Wire, handler: Handler): Server {
  if (wire === "HTTP/1.1") return createServer(handler);
  if (wire === "HTTP/1.1 over TLS") return createHttpsServer(files, handler);
  return createSecureServer({ ...files, settings: { maxConcurrentStreams: 250 } }, handler as never);
}

/** Starts a server; returns its address, and its connections. */
export async function serve(wire: Wire, handler: Handler): Promise<{ address: string; sockets: Set<Socket> }> {
  const server = serverFor(wire, handler);
  const sockets = new Set<Socket>();
  server.on(wire === "HTTP/1.1" ? "connection" : "secureConnection", (socket: Socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  running.push({ server, sockets });
  const scheme = wire === "HTTP/1.1" ? "http" : "https";
  return { address: `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}`, sockets };
}

export function connect(address: string, product: Product = PRODUCTS.consul): HttpConnections {
  return openConnections(openEndpoint(address, address.startsWith("https") ? { caFile } : {}, product), 4);
}

/** Everything in which an error could be shown. */
export function viewsOf(error: unknown): readonly string[] {
  const lines: string[] = [];
  pino({ level: "trace" }, { write: (line: string) => void lines.push(line) }).error({ err: error, nested: { error } });
  return [inspect(error, { showHidden: true, depth: Infinity }), JSON.stringify(error), String(error), ...lines];
}

export const JSON_TYPE = { "Content-Type": "application/json", "X-Consul-Index": "5", "X-Nomad-Index": "5" };
const PACKED = gzipSync(JSON.stringify({ text: "x".repeat(10_000) }));

/** What a server may do wrong, and which error that is. */
export const BAD_ANSWERS: readonly [string, Handler, string][] = [
  [
    "a body that is cut",
    (_request, response) => {
      response.writeHead(200, JSON_TYPE);
      response.write('{"half":', () => setImmediate(() => destroyConnection(response)));
    },
    "E_CATALOG_CUT",
  ],
  [
    "a packed body that is cut by its sender",
    (_request, response) => {
      response.writeHead(200, { ...JSON_TYPE, "Content-Encoding": "gzip" }).end(PACKED.subarray(0, -9));
    },
    "E_CATALOG_CUT",
  ],
  [
    "a body that is too large",
    (_request, response) => void response.writeHead(200, JSON_TYPE).end("x".repeat(1024 * 1024 + 1)),
    "E_CATALOG_TOO_LARGE",
  ],
  [
    "a packed body that is too large",
    (_request, response) => {
      response.writeHead(200, { ...JSON_TYPE, "Content-Encoding": "gzip" }).end(gzipSync("x".repeat(1024 * 1024 + 1)));
    },
    "E_CATALOG_TOO_LARGE",
  ],
  ["an answer that never begins", (_request, response) => destroyConnection(response), "E_CATALOG_UNREACHABLE"],
  [
    "a status that echoes the token",
    ({ headers }, response) => {
      response.writeHead(500).end(`${headers["x-consul-token"] ?? headers["x-nomad-token"]}`);
    },
    "E_CATALOG_STATUS",
  ],
];

function destroyConnection(response: ServerResponse): void {
  const { stream } = response as unknown as { stream?: { session?: { destroy(): void } } };
  if (stream === undefined) response.socket?.destroy();
  else stream.session?.destroy();
}
