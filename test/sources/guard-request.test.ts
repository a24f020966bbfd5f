import { once } from "node:events";
import { type ClientRequest, createServer, type RequestListener, request } from "node:http";
import { type AddressInfo, Socket } from "node:net";
import { afterEach, expect, test, vi } from "vitest";
import { ANSWER_CUT, ANSWER_TOO_LARGE, CONNECT_TIMEOUT, guardRequest } from "../../src/sources/guard-request.ts";

afterEach(() => {
  vi.useRealTimers();
});

/** A request over a socket that is for ever about to connect, as to a host that swallows packets. */
function requestIntoTheVoid(): ClientRequest {
  const socket = new Socket();
  Object.defineProperty(socket, "connecting", { value: true });
  return guardRequest(request({ createConnection: () => socket }), 1_000);
}

/** A guarded request to a server of its own, and how it ended: the body's length, or the error's code. */
async function ask(listener: RequestListener, maxBytes: number): Promise<number | string> {
  const server = createServer(listener).listen(0, "127.0.0.1");
  await once(server, "listening");
  try {
    const outgoing = guardRequest(request({ port: (server.address() as AddressInfo).port }), maxBytes);
    return await new Promise((resolve) => {
      let length = 0;
      outgoing.on("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
      outgoing.on("response", (incoming) => {
        incoming.on("data", (part: Buffer) => {
          length += part.length;
        });
        incoming.on("end", () => resolve(length));
      });
      outgoing.end();
    });
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

test("a connection must stand within a second", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  const outgoing = requestIntoTheVoid();
  const failure = once(outgoing, "error");
  await new Promise((resolve) => setImmediate(resolve));
  vi.advanceTimersByTime(999);
  expect(outgoing.destroyed).toBe(false);
  vi.advanceTimersByTime(1);
  expect(await failure).toMatchObject([{ code: CONNECT_TIMEOUT }]);
});

test("one that was given up leaves no timer behind", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  const outgoing = requestIntoTheVoid();
  await new Promise((resolve) => setImmediate(resolve));
  expect(vi.getTimerCount()).toBe(1);
  const failure = once(outgoing, "error");
  outgoing.destroy();
  await failure;
  expect(vi.getTimerCount()).toBe(0);
});

test("an answer may be as large as accepted, and is stopped beyond it", async () => {
  expect(await ask((_request, response) => response.end("x".repeat(1_000)), 1_000)).toBe(1_000);
  expect(await ask((_request, response) => response.end("x".repeat(1_001)), 1_000)).toBe(ANSWER_TOO_LARGE);
});

test("an endless answer is stopped as soon as it is too large", async () => {
  let sentBytes = 0;
  const end = await ask((_request, response) => {
    function pour(): void {
      while (!response.destroyed && response.write("x".repeat(10_000))) sentBytes += 10_000;
    }
    response.on("drain", pour);
    pour();
  }, 100_000);
  expect(end).toBe(ANSWER_TOO_LARGE);
  expect(sentBytes).toBeLessThan(50_000_000);
});

test("an answer that is cut short is noticed at once", async () => {
  const end = await ask((_request, response) => {
    response.writeHead(200, { "Content-Length": 1_000 });
    response.write("x".repeat(500), () => response.destroy());
  }, 10_000);
  expect(end).toBe(ANSWER_CUT);
});
