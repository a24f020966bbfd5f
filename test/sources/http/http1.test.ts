import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import { type AddressInfo, Socket } from "node:net";
import { gzipSync } from "node:zlib";
import { afterEach, expect, test, vi } from "vitest";
import { limitConnecting } from "../../../src/sources/http/client/connect-timeout.ts";
import { ANSWER_CUT, ANSWER_TOO_LARGE, CONNECT_TIMEOUT } from "../../../src/sources/http/client/failure.ts";
import { createHttp1 } from "../../../src/sources/http/client/http1.ts";

afterEach(() => {
  vi.useRealTimers();
});

/** Asks a server of its own, and how that ended: the body's length, or the error's code. */
async function ask(listener: RequestListener, maxBytes: number): Promise<number | string> {
  const server = createServer(listener).listen(0, "127.0.0.1");
  await once(server, "listening");
  const connections = createHttp1({ baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
  try {
    const { signal } = new AbortController();
    return (await connections.send({ path: "/", headers: {}, maxBytes, signal })).text.length;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? String(error);
  } finally {
    connections.close();
    server.closeAllConnections();
    server.close();
  }
}

/** A socket that is for ever about to connect, as to a host that swallows packets. */
function socketIntoTheVoid(): Socket {
  return Object.defineProperty(new Socket(), "connecting", { value: true });
}

test("a connection must stand within a second", () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  const giveUp = vi.fn();
  limitConnecting(socketIntoTheVoid(), giveUp);
  vi.advanceTimersByTime(999);
  expect(giveUp).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(giveUp).toHaveBeenCalledWith(expect.objectContaining({ code: CONNECT_TIMEOUT }));
});

test.each(["connect", "close"])("after its %s no timer is left behind", async (event) => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  const socket = socketIntoTheVoid();
  limitConnecting(socket, () => expect.fail("it was over before"));
  expect(vi.getTimerCount()).toBe(1);
  socket.emit(event);
  expect(vi.getTimerCount()).toBe(0);
});

test("TCP probes begin after 15 s, whatever axios sets them to with each request", async () => {
  const setKeepAlive = vi.spyOn(Socket.prototype, "setKeepAlive");
  const server = createServer((_request, response) => response.end("x")).listen(0, "127.0.0.1");
  await once(server, "listening");
  const connections = createHttp1({ baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
  const { signal } = new AbortController();
  for (let count = 0; count < 3; count += 1) {
    await connections.send({ path: "/", headers: {}, maxBytes: 10, signal });
  }
  // Once by axios for each request at least, beside the agent's own.
  expect(setKeepAlive.mock.calls.length).toBeGreaterThanOrEqual(4);
  expect(new Set(setKeepAlive.mock.calls.map(([isOn, afterMs]) => `${isOn} ${afterMs}`))).toEqual(
    new Set(["true 15000"]),
  );
  setKeepAlive.mockRestore();
  connections.close();
  server.close();
});

test("nothing is sent that was not asked for: no user agent, no word of what axios could unpack", async () => {
  const seen: Record<string, unknown>[] = [];
  const ends = [];
  for (const method of ["GET", "POST"] as const) {
    const server = createServer((request, response) => {
      seen.push({ method: request.method, url: request.url, ...request.headers });
      response.end();
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    const connections = createHttp1({ baseUrl: `http://${address}/v1` });
    ends.push(address);
    const { signal } = new AbortController();
    await connections.send({ method, path: "/a%2Fb?c=d+e", headers: { accept: "text/plain" }, maxBytes: 10, signal });
    connections.close();
    server.close();
  }
  const always = {
    url: "/v1/a%2Fb?c=d+e",
    accept: "text/plain",
    "accept-encoding": "identity",
    connection: "keep-alive",
  };
  expect(seen).toEqual([
    { method: "GET", host: ends[0], ...always },
    { method: "POST", host: ends[1], "content-length": "0", ...always },
  ]);
});

test("an answer may be as large as accepted, and is stopped beyond it", async () => {
  expect(await ask((_request, response) => response.end("x".repeat(1_000)), 1_000)).toBe(1_000);
  expect(await ask((_request, response) => response.end("x".repeat(1_001)), 1_000)).toBe(ANSWER_TOO_LARGE);
});

test("a packed answer is unpacked, and its size counts unpacked too", async () => {
  const packed = gzipSync("x".repeat(1_000));
  const answer: RequestListener = (_request, response) =>
    response.writeHead(200, { "Content-Encoding": "gzip" }).end(packed);
  expect(packed.length).toBeLessThan(100);
  expect(await ask(answer, 1_000)).toBe(1_000);
  expect(await ask(answer, 999)).toBe(ANSWER_TOO_LARGE);
});

test.each([1_000, 64 * 1024, 64 * 1024 + 1, 1_000_000])(
  "a packed answer of %i characters is unpacked",
  async (length) => {
    const answer: RequestListener = (_request, response) =>
      response.writeHead(200, { "Content-Encoding": "gzip" }).end(gzipSync("x".repeat(length)));
    expect(await ask(answer, length)).toBe(length);
    expect(await ask(answer, length - 1)).toBe(ANSWER_TOO_LARGE);
  },
);

test("a packed answer that is broken or ends too soon is no answer", async () => {
  const packed = gzipSync("some text that was packed");
  const large = gzipSync(randomBytes(100_000).toString("hex"));
  for (const bytes of [packed.subarray(0, -9), large.subarray(0, -9), Buffer.from("no gzip at all")]) {
    const answer: RequestListener = (_request, response) =>
      response.writeHead(200, { "Content-Encoding": "gzip" }).end(bytes);
    expect(await ask(answer, 1_000_000)).toBe(ANSWER_CUT);
  }
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
