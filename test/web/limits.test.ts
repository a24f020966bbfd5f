import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { startWebServer, type WebServer } from "../../src/web/server.ts";
import { until } from "../support/await-until.ts";

const LIMITS = {
  ...{ waiting: 20, answering: 3, unreadBytes: 40_000_000, headersMs: 200, requestMs: 400, idleMs: 1_000 },
  ...{ streams: 8, keepAliveMs: 100, stalledMs: 300 },
};

let statusPages: number;
/** In which turn of the event loop each list was made. */
let listTurns: number[];
let turn: number;
let counter: NodeJS.Immediate;
let status: unknown;
let server: WebServer;
let serve: (limits: typeof LIMITS) => Promise<WebServer>;
let sockets: Socket[];

beforeEach(async () => {
  statusPages = 0;
  status = {};
  sockets = [];
  listTurns = [];
  turn = 0;
  const views = {
    readiness: () => ({
      isReady: false,
      reasons: ["node \u001b[31mred\u009b2J\u2028says no", `${listTurns.length} lists`],
    }),
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
      {
        path: "/v1/list",
        answer() {
          listTurns.push(turn);
          return Promise.resolve({ list: listTurns.length });
        },
      },
      { path: "/v1/news", answer: () => new Promise(() => {}) },
    ],
  };
  serve = (limits) => startWebServer({ host: "127.0.0.1", port: 0, names: new Set(["x"]) }, views, limits);
  server = await serve(LIMITS);
});

afterEach(async () => {
  clearImmediate(counter);
  for (const socket of sockets) socket.destroy();
  await server.close();
});

/** No connection ends because of the time, however slow the machine is. */
async function serveWithPatience(): Promise<void> {
  await server.close();
  server = await serve({ ...LIMITS, headersMs: 60_000, requestMs: 60_000, idleMs: 60_000 });
}

/** A connection from this address of the loopback network. */
async function open(from = "127.0.0.1"): Promise<Socket> {
  const port = Number(new URL(server.url).port);
  const socket = connect({ port, host: "127.0.0.1", localAddress: from });
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

async function answerTo(request: string, from?: string): Promise<string> {
  const socket = await open(from);
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

/** Asks for a large page and takes none of it. */
async function takeNothing(pages: number): Promise<Socket> {
  const socket = await open();
  socket.pause();
  socket.write("GET /v1/status HTTP/1.1\r\nhost: x\r\n\r\n");
  // One after the other: while a page is made no other request is read, and a client whose headers come late is disconnected.
  await until(() => statusPages === pages, { timeoutMs: 20_000, what: "the page to be asked for" });
  return socket;
}

describe("beside clients that take nothing of their answers", () => {
  // More than the system takes for a reader that takes nothing.
  const LARGE = { page: "x".repeat(16_000_000) };

  test("a client that asks is answered at once: the oldest of them gives way", async () => {
    status = LARGE;
    const greedy: Promise<string>[] = [];
    for (let taken = 1; taken <= LIMITS.answering; taken += 1) {
      const socket = await takeNothing(taken);
      greedy.push(new Promise((resolve) => socket.once("close", () => resolve("closed"))));
    }
    status = { ready: true };
    expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
    expect(await (await fetch(`${server.url}/v1/status`)).json()).toEqual(status);
    sockets[0]?.resume();
    expect(await greedy[0]).toBe("closed");
  });

  test("one that waits for news shields none of what its client does not take, and goes on", async () => {
    await serveWithPatience();
    status = LARGE;
    const waiting = await open();
    waiting.write("GET /v1/news HTTP/1.1\r\nhost: x\r\n\r\n");
    for (let taken = 1; taken < LIMITS.answering; taken += 1) await takeNothing(taken);
    status = { ready: true };
    expect(await (await fetch(`${server.url}/v1/status`)).json()).toEqual(status);
    const first = sockets[1] as Socket;
    first.resume();
    await once(first, "close");
    expect([first.bytesRead < 16_000_000, waiting.destroyed]).toEqual([true, false]);
  });

  test("what they have not taken is bounded in all", async () => {
    status = LARGE;
    for (let taken = 1; taken <= LIMITS.answering; taken += 1) await takeNothing(taken);
    // Three times 16 MB are more than is allowed: the first has been cut off before it was whole.
    const first = sockets[0];
    let bytes = 0;
    first?.on("data", (part: Buffer) => {
      bytes += part.length;
    });
    first?.resume();
    await once(first as Socket, "close");
    expect(bytes).toBeLessThan(16_000_000);
  });

  test("they lose the connection after a while", async () => {
    status = LARGE;
    const socket = await takeNothing(1);
    // Only time tells: a client that reads nothing does not see the end either.
    await sleep(2.5 * LIMITS.idleMs);
    socket.resume();
    await once(socket, "close");
    expect(socket.bytesRead).toBeLessThan(16_000_000);
  });
});

describe("beside clients that ask for very much at once", () => {
  const ASKED = LIMITS.waiting - 2;

  beforeEach(serveWithPatience);

  /** As many connections, all of which the server has taken up, ask in one turn; what it answers each with. */
  async function askAtOnce(requests: readonly string[], from?: string): Promise<readonly string[]> {
    const there = await Promise.all(requests.map(() => open(from)));
    await fetch(`${server.url}/healthz`);
    const count = () => {
      turn += 1;
      counter = setImmediate(count);
    };
    counter = setImmediate(count);
    const answers = there.map(untilClosed);
    for (const [at, socket] of there.entries()) socket.write(`GET ${requests[at]} HTTP/1.1\r\nhost: x\r\n\r\n`);
    return Promise.all(answers);
  }

  const lists = Array.from({ length: ASKED }, (_, at) => `/v1/list?limit=${at}`);
  const stati = (answers: readonly string[]) => answers.map((answer) => answer.split(" ", 2)[1]);

  test("each answer has a turn of the event loop of its own, and those beyond the limit are refused", async () => {
    const answers = await askAtOnce(lists);
    expect(stati(answers).filter((one) => one === "200")).toHaveLength(LIMITS.answering);
    expect(stati(answers).filter((one) => one === "503")).toHaveLength(ASKED - LIMITS.answering);
    expect(new Set(listTurns).size).toBe(LIMITS.answering);
    expect(listTurns).toHaveLength(LIMITS.answering);
  });

  test("readiness comes before the answers that were asked for before", async () => {
    const answers = await askAtOnce([...lists, "/readyz"]);
    expect(answers.at(-1)).toContain("\n0 lists\n");
  });

  test("one whose answers all wait for news gives way to a client that has none", async () => {
    const waiting = await Promise.all(Array.from({ length: LIMITS.answering }, () => open("127.0.0.2")));
    for (const socket of waiting) socket.write("GET /v1/news HTTP/1.1\r\nhost: x\r\n\r\n");
    const ended = Promise.race(waiting.map((socket) => once(socket, "close")));
    await until(
      async () => (await answerTo("GET /v1/list HTTP/1.1\r\nhost: x\r\n\r\n", "127.0.0.2")).includes(" 503 "),
      { timeoutMs: 5_000, what: "all places to be taken" },
    );
    expect(await answerTo("GET /v1/list HTTP/1.1\r\nhost: x\r\n\r\n", "127.0.0.3")).toMatch(/^HTTP\/1.1 200 /);
    await ended;
    expect(waiting.filter(({ destroyed }) => !destroyed)).toHaveLength(LIMITS.answering - 1);
  });
});

describe("beside connections that say nothing", () => {
  test("a client that asks is answered at once, however many come, and the oldest of them end", async () => {
    const silent = await Promise.all(Array.from({ length: 200 }, () => open()));
    for (const socket of silent.slice(0, 100)) socket.write("GET /healthz HTTP/1.1\r\nhost: x\r\n");
    const answers = await Promise.all(
      ["/healthz", "/readyz", "/metrics", "/v1/status"].map((path) => fetch(`${server.url}${path}`)),
    );
    expect(answers.map((answer) => answer.status)).toEqual([200, 503, 200, 200]);
    const left = () => silent.filter((socket) => !socket.destroyed && socket.readyState === "open").length;
    await until(() => left() <= LIMITS.waiting, { timeoutMs: 5_000, what: "the others to end" });
  });
});

test("what is too large to be read is refused with what is allowed", async () => {
  const text = await answerTo(`GET /v1/status?x=${"y".repeat(20_000)} HTTP/1.1\r\nhost: x\r\n\r\n`);
  expect(text).toMatch(/^HTTP\/1.1 431 [\s\S]*16384 bytes are allowed/);
});

test("a catalog's names do not reach the reader's terminal as they are", async () => {
  expect(await (await fetch(`${server.url}/readyz`)).text()).toBe(
    "node \\u001b[31mred\\u009b2J\\u2028says no\n0 lists\n",
  );
  status = { node: "\u009b2J\u202e" };
  const text = await (await fetch(`${server.url}/v1/status`)).text();
  expect(text).toContain("\\u009b2J\\u202e");
  expect(JSON.parse(text)).toEqual(status);
});
