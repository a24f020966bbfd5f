import { once } from "node:events";
import { request } from "node:http";
import { connect, type Socket } from "node:net";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { until } from "../support/await-until.ts";
import { createCatalogClient } from "../support/catalog-client.ts";
import { BACKENDS, type Backend } from "./backends.ts";
import { instance } from "./world.ts";

interface Raw {
  readonly status: number | undefined;
  readonly encoding: string | undefined;
  readonly vary: string | undefined;
  readonly type: string | undefined;
  readonly bytes: Buffer;
}

/** GET of the bytes as they come: fetch would unpack them. */
async function getRaw(url: string, acceptEncoding: string): Promise<Raw> {
  const asked = request(url, { agent: false, headers: { "Accept-Encoding": acceptEncoding } });
  asked.end();
  const [response] = await once(asked, "response");
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk);
  const { "content-encoding": encoding, "content-type": type, vary } = response.headers;
  return { status: response.statusCode, encoding, type, vary, bytes: Buffer.concat(chunks) };
}

const LIMIT = 4;

/** A connection that has asked something and keeps open. Its answer is empty where it was closed instead. */
async function connection(url: URL): Promise<{ readonly socket: Socket; readonly answer: string }> {
  const socket = connect(Number(url.port), url.hostname);
  let answer = "";
  let isClosed = false;
  socket.on("data", (data) => {
    answer += data.toString();
  });
  socket.on("error", () => {});
  socket.once("close", () => {
    isClosed = true;
  });
  socket.write("GET /v1/status/leader HTTP/1.1\r\nHost: catalog\r\n\r\n");
  await until(() => answer.endsWith('"\n') || answer.endsWith('"') || isClosed, { timeoutMs: 2_000, what: "an end" });
  return { socket, answer };
}

describe.each(BACKENDS)("$name", ({ start }) => {
  describe.skipIf(start === undefined)("on the wire", () => {
    let backend: Backend;
    beforeAll(async () => {
      backend = await start!();
      await createCatalogClient(backend.url).register(instance("n1", "alpha", { Tags: ["x".repeat(5_000)] }));
    });
    afterAll(() => backend.stop());

    test.each([
      ["a long answer", "/v1/health/service/alpha", 200],
      ["the shortest answer", "/v1/health/service/none", 200],
      ["a refusal", "/v1/catalog/nodes?index=x", 400],
      ["an error of the servers", "/v1/catalog/nodes?dc=elsewhere", 500],
    ])("%s comes compressed to a client that accepts gzip, and is the same text", async (_what, path, status) => {
      const packed = await getRaw(backend.url + path, "deflate, gzip;q=0.5");
      const plain = await getRaw(backend.url + path, "identity");
      expect(packed).toMatchObject({ status, encoding: "gzip", vary: "Accept-Encoding" });
      expect(plain).toMatchObject({ status, encoding: undefined, vary: "Accept-Encoding" });
      expect(packed.type).toBe(plain.type);
      expect(gunzipSync(packed.bytes).toString()).toBe(plain.bytes.toString());
    });

    test("a compressed answer is smaller", async () => {
      const path = `${backend.url}/v1/health/service/alpha`;
      const [packed, plain] = [await getRaw(path, "gzip"), await getRaw(path, "identity")];
      expect(plain.bytes.length).toBeGreaterThan(5_000);
      expect(packed.bytes.length).toBeLessThan(plain.bytes.length / 4);
    });

    test.each(["", "br", "*", "x-gzip", "gzip;q=0"])("Accept-Encoding %j gets plain text", async (accepted) => {
      const answer = await getRaw(`${backend.url}/v1/health/service/alpha`, accepted);
      expect(answer.encoding).toBeUndefined();
      expect(JSON.parse(answer.bytes.toString())).toHaveLength(1);
    });

    test("what does not exist is not compressed", async () => {
      const answer = await getRaw(`${backend.url}/v1/nothing`, "gzip");
      expect(answer).toMatchObject({ status: 404, encoding: undefined, vary: undefined });
    });
  });
});

describe.each(BACKENDS)("$name", ({ start }) => {
  describe.skipIf(start === undefined)("with a limit of connections", () => {
    let backend: Backend;
    beforeAll(async () => {
      backend = await start!({ maxConnectionsPerClient: LIMIT });
    });
    afterAll(() => backend.stop());

    test("one more from the same address is closed without an answer, and there is room again when one has ended", async () => {
      const url = new URL(backend.url);
      const kept = [];
      for (let i = 0; i < LIMIT; i += 1) kept.push(await connection(url));
      expect(kept.map(({ answer }) => answer.slice(0, 15))).toEqual(Array(LIMIT).fill("HTTP/1.1 200 OK"));
      expect((await connection(url)).answer).toBe("");
      kept[0]!.socket.destroy();
      const next = await until(
        async () => {
          const opened = await connection(url);
          return opened.answer === "" ? undefined : opened;
        },
        { timeoutMs: 2_000, what: "room for a connection" },
      );
      expect(next.answer).toContain("200 OK");
      for (const { socket } of [...kept, next]) socket.destroy();
    });
  });
});
