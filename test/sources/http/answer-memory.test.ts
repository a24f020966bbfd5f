import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo, Server } from "node:net";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, expect, test } from "vitest";
import { PRODUCTS } from "../../../src/sources/catalog/product.ts";
import { createAnswerMemory } from "../../../src/sources/http/client/answer-memory.ts";
import { createAxiosClient } from "../../../src/sources/http/client/axios-client.ts";
import { openEndpoint } from "../../../src/sources/http/client/endpoint.ts";
import { ANSWERS_TOO_LARGE } from "../../../src/sources/http/client/failure.ts";
import { until } from "../../support/await-until.ts";

const MEGABYTE = 1024 * 1024;
const BODY = "x".repeat(MEGABYTE);

let server: Server;
let held: ServerResponse | undefined;
let heldBytes = 0;

beforeEach(async () => {
  server = createServer(({ url }, response) => {
    if (url === "/v1/held") {
      held = response;
      response.write(BODY, () => {
        heldBytes = MEGABYTE;
      });
    } else if (url === "/v1/packed") {
      response.writeHead(200, { "Content-Encoding": "gzip" }).end(gzipSync(BODY));
    } else {
      response.end(BODY);
    }
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
});

afterEach(async () => {
  const closed = once(server, "close");
  server.close();
  held?.destroy();
  await closed;
});

test("what is read at the same time is bounded altogether, packed or not, and given back however a reading ends", async () => {
  let taken = 0;
  const counted = createAnswerMemory(1.5 * MEGABYTE);
  const memory = {
    take(bytes: number) {
      const isThere = counted.take(bytes);
      if (isThere) taken += bytes;
      return isThere;
    },
    give(bytes: number) {
      taken -= bytes;
      counted.give(bytes);
    },
  };
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const client = createAxiosClient(openEndpoint(address, {}, PRODUCTS.consul), memory);
  const ending = new AbortController();
  const read = (path: string, { signal } = new AbortController()) =>
    client.send({ path, headers: {}, maxBytes: 2 * MEGABYTE, signal });

  const slow = read("/held", ending);
  await until(() => heldBytes > 0 && taken === MEGABYTE, { timeoutMs: 5_000, what: "a megabyte to be under way" });
  for (const path of ["/quick", "/packed"]) await expect(read(path)).rejects.toMatchObject({ code: ANSWERS_TOO_LARGE });
  expect(taken).toBe(MEGABYTE);

  ending.abort();
  await expect(slow).rejects.toThrow();
  expect(taken).toBe(0);
  for (const path of ["/quick", "/packed"]) expect((await read(path)).text).toBe(BODY);
  expect(taken).toBe(0);
  client.close();
});
