import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { startWebServer, type WebServer } from "../../src/web/server.ts";
import { until } from "../support/await-until.ts";

const LIMITS = { connections: 3, headersMs: 200, requestMs: 400, idleMs: 2_000 };

let statusPages: number;
let status: unknown;
let server: WebServer;
let sockets: Socket[];

beforeEach(async () => {
  statusPages = 0;
  status = {};
  sockets = [];
  const views = {
    readiness: () => ({ isReady: false, reasons: ["node \u001b[31mred\u009b2J\u2028says no"] }),
    metrics: () => Promise.resolve({ text: "", contentType: "text/plain" }),
    files: new Map(),
    resources: [
      {
        path: "/v1/status",
        answer: () => {
          statusPages += 1;
          return Promise.resolve(status);
        },
      },
    ],
  };
  server = await startWebServer({ host: "127.0.0.1", port: 0, names: new Set(["x"]) }, views, LIMITS);
});

afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  await server.close();
});

async function open(): Promise<Socket> {
  const socket = connect(Number(new URL(server.url).port), "127.0.0.1");
  sockets.push(socket);
  socket.on("error", () => {});
  await once(socket, "connect");
  return socket;
}

/** All that comes until the server ends the connection. */
async function untilClosed(socket: Socket): Promise<string> {
  let text = "";
  socket.on("data", (part: Buffer) => {
    text += part.toString("latin1");
  });
  await new Promise((resolve) => socket.once("close", resolve));
  return text;
}

async function answerTo(request: string): Promise<string> {
  const socket = await open();
  const closed = untilClosed(socket);
  socket.write(request);
  return closed;
}

describe("a request that is none of ours ends", () => {
  test.each([
    ["a method that writes", "POST /v1/status HTTP/1.1\r\nhost: x\r\ncontent-length: 0\r\n\r\n", /^HTTP\/1.1 405 /],
    ["an unknown method", "BREW / HTTP/1.1\r\nhost: x\r\n\r\n", /^HTTP\/1.1 400 /],
    ["a tunnel", "CONNECT elsewhere:443 HTTP/1.1\r\nhost: x\r\n\r\n", /^$/],
    ["no HTTP at all", "\u0016\u0003\u0001\u0002\u0000\u0001", /^HTTP\/1.1 400 /],
    ["headers of 64 KB", `GET / HTTP/1.1\r\nhost: x\r\nx: ${"y".repeat(65_536)}\r\n\r\n`, /^(?:HTTP\/1.1 431 |$)/],
    ["a name of 64 KB", `GET /${"y".repeat(65_536)} HTTP/1.1\r\nhost: x\r\n\r\n`, /^(?:HTTP\/1.1 431 |$)/],
    [
      "another protocol",
      "GET /healthz HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n",
      /200 OK/,
    ],
    ["silence", "", /^HTTP\/1.1 408 /],
    ["headers without an end", "GET /healthz HTTP/1.1\r\nhost: x\r\n", /^HTTP\/1.1 408 /],
    ["a body without an end", "GET /healthz HTTP/1.1\r\nhost: x\r\ncontent-length: 9999\r\n\r\nx", /^HTTP\/1.1 200 /],
  ])("%s", async (_, request, answer) => {
    expect(await answerTo(request)).toMatch(answer);
  });
});

test("headers that come byte by byte end as late as those that never come", async () => {
  const socket = await open();
  const closed = untilClosed(socket);
  const drip = setInterval(() => socket.write("a: b\r\n"), 20);
  socket.write("GET /healthz HTTP/1.1\r\nhost: x\r\n");
  expect(await closed).toMatch(/^HTTP\/1.1 408 /);
  clearInterval(drip);
});

test("many requests at once bring one page", async () => {
  const text = await answerTo("GET /v1/status HTTP/1.1\r\nhost: x\r\n\r\n".repeat(100));
  expect(text.match(/HTTP\/1.1 200/g)).toHaveLength(1);
  expect(statusPages).toBe(1);
});

test("no more connections than are allowed, and those of idle readers become free", async () => {
  // More than the system takes for a reader that takes nothing.
  status = { page: "x".repeat(16_000_000) };
  for (let taken = 0; taken < LIMITS.connections; taken += 1) {
    const socket = await open();
    socket.pause();
    socket.write("GET /v1/status HTTP/1.1\r\nhost: x\r\n\r\n");
    // One after the other: while a page is made no other request is read, and a client whose headers come late is disconnected.
    await until(() => statusPages === taken + 1, { timeoutMs: 20_000, what: "the page to be asked for" });
  }
  await expect(fetch(`${server.url}/healthz`)).rejects.toThrow();
  const answers = () =>
    fetch(`${server.url}/healthz`).then(
      ({ ok }) => ok,
      () => false,
    );
  await until(answers, { timeoutMs: 20_000, what: "a connection to be free again" });
});

test("a catalog's names do not reach the reader's terminal as they are", async () => {
  expect(await (await fetch(`${server.url}/readyz`)).text()).toBe("node \\u001b[31mred\\u009b2J\\u2028says no\n");
  status = { node: "\u009b2J\u202e" };
  const text = await (await fetch(`${server.url}/v1/status`)).text();
  expect(text).toContain("\\u009b2J\\u202e");
  expect(JSON.parse(text)).toEqual(status);
});
