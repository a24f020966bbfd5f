import { once } from "node:events";
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import type { IncomingMessage } from "node:http";
import { createSecureServer, type Http2ServerRequest } from "node:http2";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { SecureContextOptions, Server, TLSSocket, TlsOptions } from "node:tls";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { PRODUCTS } from "../../../src/sources/catalog/product.ts";
import type { HttpConnections } from "../../../src/sources/http/client/connections.ts";
import { openEndpoint } from "../../../src/sources/http/client/endpoint.ts";
import { ANSWER_CUT, ANSWER_TOO_LARGE } from "../../../src/sources/http/client/failure.ts";
import { openConnections } from "../../../src/sources/http/client/open.ts";
import { createFakeClock, type FakeClock } from "../../fakes/fake-clock.ts";
import { recordCredentials } from "../../fakes/recording-credentials.ts";
import { until } from "../../support/await-until.ts";
import { type Certificate, makeAuthority } from "../../support/certificates.ts";

type Handler = (
  request: IncomingMessage | Http2ServerRequest,
  response: { write(text: string): unknown; end(text?: string): unknown; readonly socket: TLSSocket | null },
) => void;

/** Answers with what came: type, length and body. */
function echo(request: IncomingMessage | Http2ServerRequest, response: { end(text: string): unknown }): void {
  let body = "";
  request.on("data", (part: Buffer) => {
    body += part.toString();
  });
  request.on("end", () => {
    const { "content-type": type, "content-length": length } = request.headers;
    response.end(JSON.stringify({ type, length, body }));
  });
}

/** A server that speaks HTTP/1.1 alone, and one that speaks HTTP/2 with four requests at a time on a connection. */
const PROTOCOLS: Readonly<Record<string, (tls: SecureContextOptions & TlsOptions, handler: Handler) => Server>> = {
  "HTTP/1.1": (tls, handler) => createServer(tls, handler as never),
  "HTTP/2": (tls, handler) => createSecureServer({ ...tls, settings: { maxConcurrentStreams: 4 } }, handler as never),
};

let dir: string;
let first: Certificate;
let second: Certificate;
let server: Server;
let connections: HttpConnections;
let clock: FakeClock;
/** Answers that wait for the test, by path `/held`. */
let held: { end(text?: string): unknown; readonly socket: { destroy(): void } | null }[];
/** Every TCP connection that is open. */
let sockets: Set<TLSSocket>;

async function start(protocol: string): Promise<void> {
  dir = mkdtempSync(join(tmpdir(), "portolan-https-"));
  const ca = makeAuthority(dir, "ca");
  const own = ca.sign("server", "subjectAltName=IP:127.0.0.1");
  first = ca.sign("first", "extendedKeyUsage=clientAuth");
  second = ca.sign("second", "extendedKeyUsage=clientAuth");
  install(first);
  held = [];
  sockets = new Set();
  const files = { cert: readFileSync(own.cert), key: readFileSync(own.key), ca: readFileSync(ca.cert) };
  const tls = { ...files, requestCert: true, rejectUnauthorized: true };
  const listen = PROTOCOLS[protocol];
  if (listen === undefined) throw new Error(`no server speaks ${protocol}`);
  server = listen(tls, (request, response) => {
    if (request.url === "/v1/held") held.push(response as never);
    else if (request.url === "/v1/cut") {
      response.write("half of it");
      setImmediate(() => sockets.values().next().value?.destroy());
    } else if (request.url === "/v1/large") response.end("x".repeat(5_000));
    else if (request.method === "POST") echo(request, response);
    else response.end((request.socket as TLSSocket).getPeerCertificate().subject.CN?.toString());
  });
  server.on("secureConnection", (socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  clock = createFakeClock();
  const names = { caFile: ca.cert, certFile: join(dir, "in-use"), keyFile: join(dir, "in-use-key") };
  const address = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  connections = openConnections(
    openEndpoint(address, names, PRODUCTS.consul, { clock, reporter: recordCredentials() }),
    2,
  );
}

afterEach(async () => {
  connections.close();
  for (const socket of sockets) socket.destroy();
  const closed = once(server, "close");
  server.close();
  await closed;
  rmSync(dir, { recursive: true, force: true });
});

function install({ cert, key }: Certificate): void {
  copyFileSync(cert, join(dir, "in-use"));
  copyFileSync(key, join(dir, "in-use-key"));
}

/** What the server answered; by default which client it saw. */
async function ask(path = "/", signal = new AbortController().signal): Promise<string> {
  return (await connections.send({ path, headers: {}, maxBytes: 4_000, signal })).text;
}

async function untilHeld(count: number): Promise<void> {
  await until(() => held.length === count, { timeoutMs: 2_000, what: `${count} polls` });
}

const only = (count: number) => () => sockets.size === count;

describe.each(Object.keys(PROTOCOLS))("over %s", (protocol) => {
  beforeEach(() => start(protocol));

  test("a connection is kept as long as its certificates count", async () => {
    expect([await ask(), await ask(), await ask()]).toEqual(["first", "first", "first"]);
    expect(sockets.size).toBe(1);
  });

  test("the next request after a change shows the new certificate, and the connection at rest is closed", async () => {
    await ask();
    install(second);
    await clock.advance(1_000);
    expect(await ask()).toBe("second");
    await until(only(1), { timeoutMs: 2_000, what: "the old connection to be closed" });
    expect(await ask()).toBe("second");
    expect(sockets.size).toBe(1);
  });

  test("a long poll under way gets its answer, and its connection is closed after it", async () => {
    const poll = ask("/held");
    await untilHeld(1);
    install(second);
    await clock.advance(1_000);
    expect(await ask()).toBe("second");
    expect(sockets.size).toBe(2);
    held[0]?.end("news");
    expect(await poll).toBe("news");
    await until(only(1), { timeoutMs: 2_000, what: "the old connection to be closed" });
    expect(await ask()).toBe("second");
  });

  test("an answer that is cut, and one that is too large, are distinguished", async () => {
    await expect(ask("/cut")).rejects.toMatchObject({ code: ANSWER_CUT });
    await expect(ask("/large")).rejects.toMatchObject({ code: ANSWER_TOO_LARGE });
    expect(await ask()).toBe("first");
  });

  test("a body is sent with its type and length, and a POST may have none", async () => {
    const request = { method: "POST", path: "/", maxBytes: 4_000, signal: new AbortController().signal } as const;
    const headers = { "content-type": "application/json" };
    const long = JSON.stringify("ü".repeat(1_000));
    for (const body of ["{}", long]) {
      const { text } = await connections.send({ ...request, headers, body });
      const length = String(Buffer.byteLength(body));
      expect(JSON.parse(text)).toEqual({ type: "application/json", length, body });
    }
    expect(JSON.parse((await connections.send({ ...request, headers: {} })).text)).toMatchObject({ body: "" });
  });

  test("a request that is given up ends at once, and the next one is answered", async () => {
    const giveUp = new AbortController();
    const poll = ask("/held", giveUp.signal);
    await untilHeld(1);
    giveUp.abort();
    await expect(poll).rejects.toThrow();
    expect(await ask()).toBe("first");
  });

  test("a server that ends and comes back is found again", async () => {
    await ask();
    for (const socket of sockets) socket.destroy();
    await until(only(0), { timeoutMs: 2_000, what: "the connection to end" });
    expect(await ask()).toBe("first");
  });
});

describe("over HTTP/2", () => {
  beforeEach(() => start("HTTP/2"));

  test("requests share a connection up to the server's limit, then another one is opened, and no more than allowed", async () => {
    expect(connections.requestsPerConnection).toBe(250);
    const polls = Array.from({ length: 8 }, () => ask("/held"));
    await untilHeld(8);
    expect(connections.requestsPerConnection).toBe(4);
    expect(sockets.size).toBe(2);
    const waiting = ask("/held");
    for (const answer of held.splice(0)) answer.end("news");
    expect(await Promise.all(polls)).toEqual(Array(8).fill("news"));
    await untilHeld(1);
    held[0]?.end("late");
    expect(await waiting).toBe("late");
    expect(sockets.size).toBe(2);
  });

  test("requests on a connection that is lost fail at once", async () => {
    const polls = [ask("/held"), ask("/held")];
    await untilHeld(2);
    for (const socket of sockets) socket.destroy();
    const ended = await Promise.allSettled(polls);
    expect(ended.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  });
});

describe("over HTTP/1.1", () => {
  beforeEach(() => start("HTTP/1.1"));

  test("each request under way has a connection of its own", async () => {
    const polls = [ask("/held"), ask("/held"), ask("/held")];
    await untilHeld(3);
    expect(connections.requestsPerConnection).toBe(1);
    expect(sockets.size).toBe(3);
    for (const answer of held) answer.end("news");
    await Promise.all(polls);
  });
});
