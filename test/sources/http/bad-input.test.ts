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
import axios from "axios";
import pino from "pino";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import type { CatalogClient } from "../../../src/sources/catalog/catalog-client.ts";
import { CatalogError } from "../../../src/sources/catalog/catalog-error.ts";
import { PRODUCTS, type Product } from "../../../src/sources/catalog/product.ts";
import type { HttpConnections } from "../../../src/sources/http/client/connections.ts";
import { openEndpoint } from "../../../src/sources/http/client/endpoint.ts";
import { openConnections } from "../../../src/sources/http/client/open.ts";
import { createConnectionBudget } from "../../../src/sources/http/connection-budget.ts";
import { until } from "../../support/await-until.ts";
import { makeAuthority } from "../../support/certificates.ts";
import { createClient as createConsul } from "../consul/world.ts";
import { createClient as createNomad } from "../nomad/world.ts";

const TOKEN = "b1ab5e12-c0de-4000-8000-00c0ffee0002";

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** How a server is spoken with. */
const WIRES = ["HTTP/1.1", "HTTP/1.1 over TLS", "HTTP/2"] as const;
type Wire = (typeof WIRES)[number];

const PRODUCT_CASES = [
  { name: "Consul", endpoint: "/v1/catalog/services", create: createConsul, product: PRODUCTS.consul },
  { name: "Nomad", endpoint: "/v1/services", create: createNomad, product: PRODUCTS.nomad },
] as const;

let dir: string;
let files: { readonly cert: Buffer; readonly key: Buffer };
let caFile: string;
const running: { readonly server: Server; readonly sockets: Set<Socket> }[] = [];

beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), "portolan-bad-input-"));
  const ca = makeAuthority(dir, "ca");
  const { cert, key } = ca.sign("server", "subjectAltName=IP:127.0.0.1");
  files = { cert: readFileSync(cert), key: readFileSync(key) };
  caFile = ca.cert;
});
afterEach(async () => {
  vi.unstubAllEnvs();
  for (const { server, sockets } of running.splice(0)) {
    const closed = once(server, "close");
    server.close();
    for (const socket of sockets) socket.destroy();
    await closed;
  }
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

function serverFor(wire: Wire, handler: Handler): Server {
  if (wire === "HTTP/1.1") return createServer(handler);
  if (wire === "HTTP/1.1 over TLS") return createHttpsServer(files, handler);
  return createSecureServer({ ...files, settings: { maxConcurrentStreams: 250 } }, handler as never);
}

/** Starts a server; returns its address, and its connections. */
async function serve(wire: Wire, handler: Handler): Promise<{ address: string; sockets: Set<Socket> }> {
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

function connect(address: string, product: Product = PRODUCTS.consul): HttpConnections {
  return openConnections(openEndpoint(address, address.startsWith("https") ? { caFile } : {}, product), 4);
}

/** Everything in which an error could be shown. */
function viewsOf(error: unknown): readonly string[] {
  const lines: string[] = [];
  pino({ level: "trace" }, { write: (line: string) => void lines.push(line) }).error({ err: error, nested: { error } });
  return [inspect(error, { showHidden: true, depth: Infinity }), JSON.stringify(error), String(error), ...lines];
}

const NOW = { index: 0n, consistency: "default", signal: new AbortController().signal } as const;

async function failureOf(reading: Promise<unknown>): Promise<CatalogError> {
  const error: unknown = await reading.then(
    () => expect.fail("the read must fail"),
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof CatalogError)) throw error;
  return error;
}

const JSON_TYPE = { "Content-Type": "application/json", "X-Consul-Index": "5", "X-Nomad-Index": "5" };
const PACKED = gzipSync(JSON.stringify({ text: "x".repeat(10_000) }));

const CASES: readonly [string, Handler, string][] = [
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

describe.each(PRODUCT_CASES)("$name", ({ endpoint, create, product }) => {
  /** A client, and its reading of the services with the token. */
  function clientOf(address: string, token = TOKEN): CatalogClient {
    return create(address, { connections: connect(address, product), readToken: () => token });
  }

  describe.each(WIRES)("over %s", (wire) => {
    test.each(CASES)("%s is an error that names the endpoint and not the token", async (_what, handler, code) => {
      const { address } = await serve(wire, handler);
      const client = clientOf(address);
      const startMs = performance.now();
      const error = await failureOf(client.services(NOW));
      client.close();
      expect(error).toMatchObject({ code, message: expect.stringContaining(`${endpoint}: `) });
      for (const view of viewsOf(error)) expect(view).not.toContain(TOKEN.slice(0, 9));
      expect(performance.now() - startMs).toBeLessThan(5_000);
    });

    test("a redirect to another host is not followed", async () => {
      const elsewhere = vi.fn<Handler>((_request, response) => void response.writeHead(200, JSON_TYPE).end("{}"));
      const { address: target } = await serve("HTTP/1.1", elsewhere);
      const { address } = await serve(wire, (_request, response) => {
        response.writeHead(302, { Location: `${target}/v1/catalog/services` }).end();
      });
      const client = clientOf(address);
      const error = await failureOf(client.services(NOW));
      client.close();
      expect(error).toMatchObject({ code: "E_CATALOG_STATUS", message: expect.stringContaining("status 302") });
      expect(error.message).toContain(`${endpoint}: `);
      expect(elsewhere).not.toHaveBeenCalled();
    });

    test("a proxy in the environment is not asked", async () => {
      const proxied = vi.fn<Handler>((_request, response) => void response.writeHead(502).end());
      const { address: proxy, sockets } = await serve("HTTP/1.1", proxied);
      for (const name of ["http_proxy", "https_proxy", "all_proxy"]) {
        vi.stubEnv(name, proxy);
        vi.stubEnv(name.toUpperCase(), proxy);
      }
      vi.stubEnv("no_proxy", "");
      vi.stubEnv("NO_PROXY", "");
      const { address } = await serve(wire, (_request, response) => {
        response.writeHead(500).end("asked directly");
      });
      const client = clientOf(address);
      expect((await failureOf(client.services(NOW))).message).toContain("asked directly");
      client.close();
      expect(proxied).not.toHaveBeenCalled();
      expect(sockets.size).toBe(0);
    });

    test.each([
      ["a line break", `${TOKEN}\nX: y`],
      ["a line break at its end", `${TOKEN}\r\n`],
      ["a control character", `${TOKEN}\u0001${TOKEN}`],
      ["a letter that no header may hold", `${TOKEN}č`],
    ])("a token with %s is an error, and no part of it is sent", async (_what, token) => {
      const asked = vi.fn<Handler>((_request, response) => void response.writeHead(200, JSON_TYPE).end("{}"));
      const { address } = await serve(wire, asked);
      const client = clientOf(address, token);
      const error = await failureOf(client.services(NOW));
      client.close();
      expect(error).toMatchObject({ code: "E_CATALOG_UNREACHABLE", message: expect.stringContaining(`${endpoint}: `) });
      expect(error.message).toContain("the token holds a character that no header may hold");
      for (const view of viewsOf(error)) expect(view).not.toContain(TOKEN.slice(0, 9));
      expect(asked).not.toHaveBeenCalled();
    });
  });

  test("an abort with a reason that is no Error is an error all the same", async () => {
    const { address } = await serve("HTTP/1.1", () => {});
    const client = clientOf(address);
    const giveUp = new AbortController();
    const reading = failureOf(client.services({ ...NOW, signal: giveUp.signal }));
    setImmediate(() => giveUp.abort("a text"));
    expect(await reading).toMatchObject({ code: "E_CATALOG_ABORTED", message: expect.stringContaining(endpoint) });
    client.close();
  });
});

describe.each([
  ["HTTP/1.1", 64, 64],
  ["HTTP/2", 1_000, 4],
] as const)("over %s", (wire, polls, connections) => {
  test(`a server that ends while ${polls} polls wait on ${connections} connections fails them all at once`, async () => {
    let asked = 0;
    const { address, sockets } = await serve(wire, () => {
      asked += 1;
    });
    const client = createConsul(address, {
      connections: connect(address),
      budget: createConnectionBudget(polls),
      readToken: () => TOKEN,
    });
    const waiting = Array.from({ length: polls }, (_, number) =>
      failureOf(client.instances(`s${number}`, { ...NOW, index: 5n })),
    );
    await until(() => asked === polls, { timeoutMs: 15_000, what: "every poll to wait" });
    expect(sockets.size).toBe(connections);
    const startMs = performance.now();
    for (const socket of sockets) socket.destroy();
    const errors = await Promise.all(waiting);
    expect(performance.now() - startMs).toBeLessThan(2_000);
    client.close();
    expect(new Set(errors.map(({ code }) => code))).toEqual(new Set(["E_CATALOG_UNREACHABLE"]));
    expect(errors[0]?.message).toContain("/v1/health/service: ");
    for (const view of viewsOf(errors[0])) expect(view).not.toContain(TOKEN.slice(0, 9));
  });
});

describe("what axios hands out", () => {
  const headers = { "x-consul-token": TOKEN };

  test("holds the token, in errors and answers: the reason for what follows", async () => {
    const { address } = await serve("HTTP/1.1", (_request, response) => void response.end("ok"));
    const answer = await axios.get(address, { headers, proxy: false });
    expect(inspect(answer, { depth: Infinity })).toContain(TOKEN);
    const error: unknown = await axios
      .get("http://127.0.0.1:1", { headers, proxy: false })
      .catch((thrown: unknown) => thrown);
    expect(inspect(error, { depth: Infinity })).toContain(TOKEN);
  });

  test.each(WIRES)("does not leave the client: no view of an answer over %s shows the token", async (wire) => {
    const { address } = await serve(wire, (_request, response) => void response.end("ok"));
    const connections = connect(address);
    const answer = await connections.send({ path: "/", headers, maxBytes: 1_000, signal: NOW.signal });
    connections.close();
    expect(answer.text).toBe("ok");
    expect(Object.keys(answer).toSorted()).toEqual(["header", "status", "text"]);
    for (const view of viewsOf(answer)) expect(view).not.toContain(TOKEN);
  });

  test.each(WIRES)("nor does an error over %s, whatever went wrong", async (wire) => {
    for (const [, handler] of CASES) {
      const { address } = await serve(wire, handler);
      const connections = connect(address);
      const end: unknown = await connections
        .send({ path: "/", headers, maxBytes: 1024 * 1024, signal: NOW.signal })
        .catch((thrown: unknown) => thrown);
      connections.close();
      if (end instanceof Error) {
        expect(Object.keys(end).filter((key) => key !== "code")).toEqual([]);
        expect(end.cause).toBeUndefined();
        for (const view of viewsOf(end)) expect(view).not.toContain(TOKEN);
      }
    }
  });
});
