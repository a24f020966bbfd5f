import { once } from "node:events";
import { request } from "node:http";
import { connect, type Socket } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { EVENTS } from "../../src/api/resources/events.ts";
import { serving } from "../../src/api/served-resource.ts";
import { createNotice } from "../../src/base/notice.ts";
import type { StreamStart } from "../../src/observe/live/live-feed.ts";
import { startWebServer, type WebServer } from "../../src/web/server.ts";
import { until } from "../support/await-until.ts";

const LIMITS = {
  ...{ waiting: 50, answering: 4, unreadBytes: 1_000_000, headersMs: 2_000, requestMs: 2_000, idleMs: 300 },
  ...{ streams: 5, keepAliveMs: 100, stalledMs: 200 },
};

/** Frames that a test makes, of which the latest hundred are kept. */
function createFeed() {
  const notice = createNotice();
  const all: Buffer[] = [];
  const joined: (number | undefined)[] = [];
  const feed = {
    joined,
    left: 0,
    tell(text: string) {
      all.push(Buffer.from(text));
      notice.give();
    },
    follow: notice.follow,
    frames: {
      get end() {
        return all.length;
      },
      at: (position: number) => (all[position] === undefined ? undefined : { id: position, bytes: all[position] }),
      isDropped: (position: number) => position < all.length - 100,
    },
    join(after: number | undefined): StreamStart {
      joined.push(after);
      return { first: [Buffer.from("event: status\ndata: {}\n\n")], position: all.length };
    },
    leave() {
      feed.left += 1;
    },
    streams: (): number => joined.length - feed.left,
    changed() {},
    close() {},
  };
  return feed;
}

let feed: ReturnType<typeof createFeed>;
let server: WebServer;
let sockets: Socket[];

beforeEach(async () => {
  feed = createFeed();
  sockets = [];
  const views = {
    readiness: () => ({ isReady: true, reasons: [] }),
    metrics: () => Promise.resolve({ text: "x 1\n", contentType: "text/plain" }),
    files: new Map(),
    resources: [serving(EVENTS, () => ({ events: [], last: 7, isComplete: true }))],
    live: { feed, follow: feed.follow },
  };
  server = await startWebServer({ host: "127.0.0.1", port: 0, names: new Set(["x"]) }, views, LIMITS);
});

afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  await server.close();
});

type Client = Socket & { text: string };

/** A connection from this address of the loopback network. */
async function connectFrom(from: string): Promise<Client> {
  const port = Number(new URL(server.url).port);
  const socket = Object.assign(connect({ port, host: "127.0.0.1", localAddress: from }), { text: "" });
  sockets.push(socket);
  socket.on("error", () => {});
  await once(socket, "connect");
  return socket;
}

/** On it a stream is asked for. */
async function askStream(socket: Client, headers = "", query = ""): Promise<Client> {
  socket.write(`GET /v1/events${query} HTTP/1.1\r\nhost: x\r\naccept: text/event-stream\r\n${headers}\r\n`);
  socket.on("data", (part: Buffer) => {
    socket.text += part.toString();
  });
  await until(() => socket.text !== "" || socket.destroyed, { timeoutMs: 5_000, what: "an answer" });
  return socket;
}

async function openStream(from = "127.0.0.1", headers = "", query = ""): Promise<Client> {
  return await askStream(await connectFrom(from), headers, query);
}

function isOpen({ text, destroyed }: { readonly text: string; readonly destroyed: boolean }): boolean {
  return text.startsWith("HTTP/1.1 200") && !destroyed;
}

/** What is no stream gets answers at once. */
async function expectOthersAnswered(): Promise<void> {
  for (const path of ["/healthz", "/readyz", "/metrics", "/v1/events"]) {
    expect([path, (await fetch(`${server.url}${path}`)).status]).toEqual([path, 200]);
  }
}

describe("a stream", () => {
  test("begins at once, and is told what comes as it comes", async () => {
    const stream = await openStream();
    expect(stream.text).toContain("\r\ncontent-type: text/event-stream\r\n");
    expect(stream.text).toContain("\r\ncache-control: no-store\r\n");
    expect(stream.text).toContain("event: status\ndata: {}\n\n");
    feed.tell("event: change\nid: 1\ndata: {}\n\n");
    await until(() => stream.text.endsWith("event: change\nid: 1\ndata: {}\n\n"), { timeoutMs: 2_000, what: "it" });
    await expectOthersAnswered();
  });

  test("is no answer to who asks for JSON, or for the head alone", async () => {
    expect(await (await fetch(`${server.url}/v1/events`)).json()).toMatchObject({ last: 7 });
    const accept = { accept: "text/event-stream" };
    expect((await fetch(`${server.url}/v1/events`, { method: "HEAD", headers: accept })).status).toBe(200);
    expect(feed.joined).toEqual([]);
  });

  test("is resumed by the browser's word, else by the parameter", async () => {
    await openStream();
    await openStream(undefined, "last-event-id: 41\r\n");
    await openStream(undefined, "", "?after=42");
    await openStream(undefined, "last-event-id: 43\r\n", "?after=42");
    await openStream(undefined, "", "?after=0");
    expect(feed.joined).toEqual([undefined, 41, 42, 43, undefined]);
  });

  test.each([
    [
      "a filter",
      "?host=a.test",
      "",
      'found the parameter \\"host\\"; a stream tells everything to all: after is allowed',
    ],
    ["no number", "?after=x", "", 'after: found \\"x\\"; the id of the last event is allowed'],
    ["two numbers", "?after=1&after=2", "", "found after twice; it is allowed once"],
    [
      "no id in the header",
      "",
      "last-event-id: 1e9\r\n",
      'Last-Event-ID: found \\"1e9\\"; the id of the last event is allowed',
    ],
    ["8,000 characters", `?${"x".repeat(8_000)}=1`, "", "after is allowed"],
  ])("asked for by %s is refused with what is allowed", async (_, query, headers, message) => {
    const { text } = await openStream(undefined, headers, query);
    expect(text).toMatch(/^HTTP\/1.1 400 /);
    expect(text).toContain(message);
    expect(text.length).toBeLessThan(2_000);
  });

  test("is not opened by a name that is not this machine's", async () => {
    const status = await new Promise((resolve) => {
      const headers = { host: "evil.test", accept: "text/event-stream" };
      request(`${server.url}/v1/events`, { headers }, (response) => resolve(response.resume().statusCode)).end();
    });
    expect([status, feed.joined]).toEqual([421, []]);
  });

  test("outlives the time after which an idle connection ends, and shows that it is alive", async () => {
    const stream = await openStream();
    await until(() => stream.text.split(": alive\n\n").length > 6, { timeoutMs: 5_000, what: "signs of life" });
    expect(isOpen(stream)).toBe(true);
  });

  test("costs nothing any more once its client has gone", async () => {
    for (let turn = 0; turn < 3 * LIMITS.streams; turn += 1) {
      const stream = await openStream();
      expect(isOpen(stream)).toBe(true);
      stream.destroy();
      await until(() => feed.left === turn + 1, { timeoutMs: 2_000, what: "the stream to end" });
    }
  });

  test("ends with the server", async () => {
    const stream = await openStream();
    const ended = once(stream, "close");
    await server.close();
    await ended;
    await until(() => feed.left === 1, { timeoutMs: 2_000, what: "the stream to end" });
  });
});

describe("a client that takes nothing of its stream", () => {
  test("is cut off once it is too far behind, and no other is", async () => {
    const slow = await openStream();
    slow.pause();
    const quick = await openStream();
    const large = `data: ${"x".repeat(100_000)}\n\n`;
    await until(
      () => {
        feed.tell(large);
        return feed.left === 1;
      },
      { timeoutMs: 10_000, what: "the slow one to be cut off", everyMs: 1 },
    );
    expect(isOpen(quick)).toBe(true);
    await expectOthersAnswered();
  });

  test("is cut off after a while, however little waits for it", async () => {
    const slow = await openStream();
    slow.pause();
    // As much as the system takes, and a little more.
    for (let told = 0; told < 90; told += 1) feed.tell(`data: ${"x".repeat(200_000)}\n\n`);
    await until(() => feed.left === 1, { timeoutMs: 5_000, what: "the slow one to be cut off" });
    await expectOthersAnswered();
  });
});

describe("while all streams are taken", () => {
  test("one more of the same client is refused with what to do, and everything else is answered", async () => {
    const streams = await Promise.all(Array.from({ length: LIMITS.streams }, () => openStream()));
    expect(streams.every(isOpen)).toBe(true);
    const { text } = await openStream();
    expect(text).toMatch(/^HTTP\/1.1 503 /);
    expect(text).toContain("5 streams are open, as many as are allowed; ask /v1/events?after=ID every few seconds");
    expect(streams.every(isOpen)).toBe(true);
    await expectOthersAnswered();
  });

  test("a client without one gets one of a client that has them all", async () => {
    const greedy: Client[] = [];
    for (let count = 0; count < LIMITS.streams; count += 1) greedy.push(await openStream("127.0.0.2"));
    const innocent = await openStream("127.0.0.3");
    expect(isOpen(innocent)).toBe(true);
    await until(() => greedy[0]?.destroyed, { timeoutMs: 2_000, what: "the oldest to give way" });
    expect(greedy.slice(1).every(isOpen)).toBe(true);
    // Who was displaced does not displace in turn.
    for (let count = 0; count < 3; count += 1) {
      expect((await openStream("127.0.0.2")).text).toMatch(/^HTTP\/1.1 503 /);
    }
    expect(isOpen(innocent)).toBe(true);
  });

  test("clients that come at once take no more than there are", async () => {
    const greedy: Client[] = [];
    for (let count = 0; count < LIMITS.streams; count += 1) greedy.push(await openStream("127.0.0.2"));
    const there = await Promise.all(Array.from({ length: 3 * LIMITS.streams }, () => connectFrom("127.0.0.3")));
    // By then the server has taken up the connections before it.
    await expectOthersAnswered();
    const others = await Promise.all(there.map((socket) => askStream(socket)));
    await until(() => feed.left === 2, { timeoutMs: 2_000, what: "two of them to give way" });
    expect([greedy.slice(2).every(isOpen), others.filter(isOpen).length]).toEqual([true, 2]);
    await expectOthersAnswered();
  });
});

test("requests that are sent on behind a stream's are not answered, and the stream goes on", async () => {
  const stream = await openStream();
  stream.write("GET /v1/events HTTP/1.1\r\nhost: x\r\n\r\n".repeat(1_000));
  feed.tell("data: still\n\n");
  await until(() => stream.text.includes("data: still"), { timeoutMs: 2_000, what: "the next frame" });
  await expectOthersAnswered();
});
