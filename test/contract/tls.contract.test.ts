import { once } from "node:events";
import { type ClientHttp2Session, type ClientSessionOptions, connect, constants } from "node:http2";
import { request } from "node:https";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Authority, type Certificate, createAuthority } from "../support/authority.ts";
import { until } from "../support/await-until.ts";
import { type CatalogClient, createCatalogClient } from "../support/catalog-client.ts";
import { BACKENDS, type Backend } from "./backends.ts";
import { instance } from "./world.ts";

let authority: Authority;
let client: Certificate;
beforeAll(() => {
  authority = createAuthority();
  client = authority.issue("client");
});
afterAll(() => authority.remove());

interface Stream {
  readonly status: number | undefined;
  readonly body: string;
}

/** GET over HTTP/2; rejects when the stream or its connection breaks. */
async function get(session: ClientHttp2Session, path: string): Promise<Stream> {
  const stream = session.request({ [constants.HTTP2_HEADER_PATH]: path });
  let status: number | undefined;
  stream.on("response", (headers) => {
    status = headers[":status"];
  });
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return { status, body: Buffer.concat(chunks).toString() };
}

async function open(url: string, options: ClientSessionOptions & Record<string, unknown>): Promise<ClientHttp2Session> {
  const session = connect(url, { ca: authority.caPem, ...options });
  session.on("error", () => {});
  // Until its settings have come, a server is taken to allow 100 streams.
  await once(session, "remoteSettings");
  return session;
}

describe.each(BACKENDS)("$name", ({ start }) => {
  describe.skipIf(start === undefined)("over TLS", () => {
    let backend: Backend;
    let plain: CatalogClient;

    beforeAll(async () => {
      backend = await start!({ tls: { authority, isClientAsked: false } });
      plain = createCatalogClient(backend.url);
    });
    afterAll(() => backend.stop());

    test("HTTP/2 is spoken where the client offers it, with 250 streams on a connection", async () => {
      const session = await open(backend.httpsUrl, {});
      expect(session.alpnProtocol).toBe("h2");
      expect(session.remoteSettings.maxConcurrentStreams).toBe(250);
      expect(await get(session, "/v1/catalog/services")).toMatchObject({ status: 200 });
      session.destroy();
    });

    test("HTTP/1.1 is spoken beside it", async () => {
      const asked = request(`${backend.httpsUrl}/v1/catalog/services`, { ca: authority.caPem, agent: false });
      asked.end();
      const [response] = await once(asked, "response");
      response.resume();
      expect(response).toMatchObject({ httpVersion: "1.1", statusCode: 200 });
    });

    test("100 blocking queries share one connection, and each wakes for its own service", async () => {
      const names = Array.from({ length: 100 }, (_, i) => `service-${i}`);
      for (const name of names) await plain.register(instance("n1", name));
      const { index } = await plain.get("/v1/catalog/services");
      const session = await open(backend.httpsUrl, {});
      const woken: string[] = [];
      const polls = names.map(async (name) => {
        await get(session, `/v1/health/service/${name}?index=${index}&wait=2s`);
        woken.push(name);
      });
      // Answered only after the others have been taken: streams of one connection are read in their order.
      await get(session, "/v1/status/leader");
      await plain.register(instance("n1", "service-77", { Port: 20_077 }));
      await until(() => woken.length > 0, { timeoutMs: 1_500, what: "the query to wake" });
      expect(woken).toEqual(["service-77"]);
      session.destroy();
      await Promise.allSettled(polls);
    });
  });
});

describe.each(BACKENDS)("$name", ({ start }) => {
  describe.skipIf(start === undefined)("over TLS with client certificates", () => {
    let backend: Backend;
    beforeAll(async () => {
      backend = await start!({ tls: { authority, isClientAsked: true } });
    });
    afterAll(() => backend.stop());

    test("a client with a certificate of our authority is let in", async () => {
      const session = await open(backend.httpsUrl, { cert: client.certPem, key: client.keyPem });
      expect(await get(session, "/v1/status/leader")).toMatchObject({ status: 200 });
      session.destroy();
    });

    test("a client without one is not", async () => {
      const session = connect(backend.httpsUrl, { ca: authority.caPem });
      session.on("error", () => {});
      await expect(get(session, "/v1/status/leader")).rejects.toThrow();
      session.destroy();
    });
  });
});

describe.each(BACKENDS)("$name", ({ start }) => {
  describe.skipIf(start === undefined)("over TLS with a limit of connections", () => {
    const limit = 3;
    let backend: Backend;
    beforeAll(async () => {
      backend = await start!({ tls: { authority, isClientAsked: false }, maxConnectionsPerClient: limit });
    });
    afterAll(() => backend.stop());

    test("one more is closed before its handshake", async () => {
      const sessions = [];
      for (let i = 0; i < limit; i += 1) sessions.push(await open(backend.httpsUrl, {}));
      await expect(open(backend.httpsUrl, {})).rejects.toThrow(/before secure TLS connection|ECONNRESET/);
      for (const session of sessions) expect((await get(session, "/v1/status/leader")).status).toBe(200);
      for (const session of sessions) session.destroy();
    });
  });
});
