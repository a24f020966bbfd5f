import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { type IncomingHttpHeaders, request } from "node:http";
import { request as tlsRequest } from "node:https";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text as readText } from "node:stream/consumers";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { AppError } from "../../src/base/errors.ts";
import type { ServeRefusal } from "../../src/observe/observer.ts";
import { type ChartServer, type ServerTls, startChartServer } from "../../src/web/chart-server.ts";
import { until } from "../support/await-until.ts";
import { type Authority, makeAuthority } from "../support/certificates.ts";

const CHART = "# portolan chart\n{}\n";
const LIMITS = { connections: 6, ofClient: 4, headersMs: 300, idleMs: 700, answerMs: 4_000 };
const ADMITTED = { authorization: "Bearer right" };

let charts: Map<string, string | undefined>;
let asked: number;
let refusals: [ServeRefusal, string | undefined][];
let server: ChartServer;
let sockets: Socket[];

beforeEach(async () => {
  charts = new Map([
    ["/v1/chart", CHART],
    ["/v1/chart/public", undefined],
  ]);
  asked = 0;
  refusals = [];
  sockets = [];
  server = await start();
});
afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  await server.close();
});

function start(tls?: () => ServerTls): Promise<ChartServer> {
  const parts = {
    charts: new Map([...charts.keys()].map((path) => [path, () => readChart(path)])),
    whyRefused: (header: string | undefined): ServeRefusal | undefined =>
      header === ADMITTED.authorization ? undefined : header === undefined ? "no token" : "another token",
    observer: { refused: (refusal: ServeRefusal, _: string, detail?: string) => void refusals.push([refusal, detail]) },
  };
  return startChartServer({ host: "127.0.0.1", port: 0 }, { ...parts, ...(tls === undefined ? {} : { tls }) }, LIMITS);
}

function readChart(path: string): string | undefined {
  asked += 1;
  return charts.get(path);
}

interface Got {
  readonly status: number | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** The path goes out as it stands: `fetch` would mend it first. */
function get(path: string, headers: Readonly<Record<string, string>> = ADMITTED, method = "GET"): Promise<Got> {
  return new Promise((resolve, reject) => {
    const url = new URL(server.url);
    request({ host: url.hostname, port: url.port, path, headers, method, agent: false }, (response) => {
      readText(response).then((body) => {
        resolve({ status: response.statusCode, headers: response.headers, body });
      }, reject);
    })
      .once("error", reject)
      .end();
  });
}

test("who shows the token gets the chart byte by byte", async () => {
  const { status, headers, body } = await get("/v1/chart");
  expect([status, body]).toEqual([200, CHART]);
  expect(headers).toMatchObject({
    "content-type": "application/yaml",
    "cache-control": "no-store",
    "content-length": String(Buffer.byteLength(CHART)),
  });
});

test("a chart of megabytes comes whole", async () => {
  charts.set("/v1/chart", "ä".repeat(3_000_000));
  expect((await get("/v1/chart")).body).toBe(charts.get("/v1/chart"));
});

test("before there is a chart the answer is 503, for which Traefik keeps what it has", async () => {
  expect(await get("/v1/chart/public")).toMatchObject({ status: 503, body: "there is no chart yet\n" });
  charts.set("/v1/chart/public", "now\n");
  expect(await get("/v1/chart/public")).toMatchObject({ status: 200, body: "now\n" });
});

test("HEAD answers as GET does, without the body", async () => {
  const { headers } = await get("/v1/chart");
  expect(await get("/v1/chart", ADMITTED, "HEAD")).toMatchObject({
    status: 200,
    body: "",
    headers: { etag: headers["etag"], "content-length": headers["content-length"] },
  });
});

describe("who has this very chart is not sent it again", () => {
  const statusFor = async (ifNoneMatch: string) =>
    (await get("/v1/chart", { ...ADMITTED, "if-none-match": ifNoneMatch })).status;

  test("until it changes", async () => {
    const { etag = "" } = (await get("/v1/chart")).headers;
    for (const known of [etag, `W/${etag}`, `"x", ${etag}`, "*"]) expect(await statusFor(known)).toBe(304);
    for (const other of ['"x"', etag.slice(1, -1), ""]) expect(await statusFor(other)).toBe(200);
    charts.set("/v1/chart", `${CHART}\n`);
    expect(await statusFor(etag)).toBe(200);
  });
});

describe("without the token every request has the same answer", () => {
  const OTHERS: readonly Readonly<Record<string, string>>[] = [
    {},
    { authorization: "" },
    { authorization: "right" },
    { authorization: "Bearer righ" },
    { authorization: "Bearer right2" },
    { authorization: "Basic right" },
    { "x-authorization": "Bearer right" },
    { cookie: "authorization=Bearer right" },
    { host: "localhost" },
  ];
  const ASKED = [
    ["/v1/chart", "GET"],
    ["/v1/chart", "HEAD"],
    ["/v1/chart", "DELETE"],
    ["/v1/chart/public", "GET"],
    ["/v1/chart?authorization=Bearer%20right", "GET"],
    ["/v1/none", "GET"],
    ["/../../../etc/passwd", "GET"],
  ] as const;

  test.each(OTHERS)("%j", async (headers) => {
    for (const [path, method] of ASKED) {
      const answer = await get(path, headers, method);
      expect(answer).toMatchObject({ status: 401, body: method === "HEAD" ? "" : "unauthorized\n" });
      expect(answer.headers["etag"]).toBeUndefined();
    }
    expect(refusals).toHaveLength(ASKED.length);
  });
});

describe("with the token there is one path for each chart, and nothing else", () => {
  test.each([
    "/",
    "/v1",
    "/v1/chart/",
    "/v1/chart?x=1",
    "/v1//chart",
    "/v1/../v1/chart",
    "/v1/chart/../chart",
    "/v1/chart/main",
    "/v1/%63hart",
    "/V1/CHART",
    "/etc/passwd",
    "/..%2f..%2fetc%2fpasswd",
    "http://elsewhere/v1/chart",
    "/__proto__",
  ])("%s", async (path) => {
    expect(await get(path)).toMatchObject({ status: 404, body: "served here: /v1/chart /v1/chart/public\n" });
  });

  test.each(["POST", "PUT", "DELETE", "PATCH", "OPTIONS"])("%s", async (method) => {
    expect(await get("/v1/chart", ADMITTED, method)).toMatchObject({ status: 405, headers: { allow: "GET, HEAD" } });
  });

  test("by whatever name it is asked, since a name proves nothing", async () => {
    expect((await get("/v1/chart", { ...ADMITTED, host: "rebound.example.org" })).body).toBe(CHART);
  });
});

async function open(): Promise<Socket> {
  const socket = connect(Number(new URL(server.url).port), "127.0.0.1");
  sockets.push(socket);
  socket.on("error", () => {});
  await once(socket, "connect");
  return socket;
}

async function untilClosed(socket: Socket): Promise<string> {
  const parts: Buffer[] = [];
  socket.on("data", (part: Buffer) => parts.push(part));
  await new Promise((resolve) => socket.once("close", resolve));
  return Buffer.concat(parts).toString("latin1");
}

describe("slow and greedy clients", () => {
  test("headers that come byte by byte end as late as those that never come", async () => {
    const socket = await open();
    const closed = untilClosed(socket);
    const drip = setInterval(() => socket.write("a: b\r\n"), 20);
    socket.write("GET /v1/chart HTTP/1.1\r\nhost: x\r\n");
    expect(await closed).toMatch(/^HTTP\/1.1 408 /);
    clearInterval(drip);
  });

  test("a second request on a connection is not answered", async () => {
    const socket = await open();
    const closed = untilClosed(socket);
    socket.write("GET /v1/chart HTTP/1.1\r\nhost: x\r\nauthorization: Bearer right\r\n\r\n".repeat(20));
    expect((await closed).match(/HTTP\/1.1 200/g)).toHaveLength(1);
  });

  test("one client has its share of connections, and they become free", async () => {
    for (let taken = 0; taken < LIMITS.ofClient; taken += 1) await open();
    const refused = await open();
    expect(await untilClosed(refused)).toBe("");
    const answered = () =>
      get("/v1/chart").then(
        ({ status }) => status === 200,
        () => false,
      );
    await until(answered, { timeoutMs: 10_000, what: "a connection to be free again" });
  });

  test("who takes nothing of a large chart loses the connection", async () => {
    // More than the system takes for a reader that takes nothing.
    charts.set("/v1/chart", "x".repeat(16_000_000));
    for (let taken = 0; taken < LIMITS.ofClient; taken += 1) {
      const socket = await open();
      socket.pause();
      socket.write("GET /v1/chart HTTP/1.1\r\nhost: x\r\nauthorization: Bearer right\r\n\r\n");
      // One after the other: a client whose headers come late is disconnected.
      await until(() => asked === taken + 1, { timeoutMs: 5_000, what: "the chart to be asked for" });
    }
    await expect(get("/v1/chart")).rejects.toThrow();
    const answered = () =>
      get("/v1/chart", ADMITTED, "HEAD").then(
        ({ status }) => status === 200,
        () => false,
      );
    await until(answered, { timeoutMs: 10_000, what: "a connection to be free again" });
  });

  test("it stops at once although clients are there that say nothing", async () => {
    await open();
    await expect(server.close()).resolves.toBeUndefined();
  });
});

test("an address in use is reported by its own setting", async () => {
  const parts = { charts: new Map(), whyRefused: () => undefined, observer: { refused() {} } };
  const listen = { host: "127.0.0.1", port: Number(new URL(server.url).port) };
  const error = await startChartServer(listen, parts).catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(AppError);
  expect(error).toMatchObject({
    message: expect.stringMatching(
      /^serve\.listen: cannot listen on 127\.0\.0\.1:\d+ \(EADDRINUSE\): .* serve\.listen$/,
    ),
  });
});

describe("over TLS", () => {
  let dir: string;
  let ours: Authority;
  let clients: Authority;
  const pem = (path: string) => readFileSync(path, "utf8");
  const signed = (name: string): ServerTls => {
    const { cert, key } = ours.sign(name, "subjectAltName=IP:127.0.0.1");
    return { cert: pem(cert), key: pem(key), minVersion: "TLSv1.2" };
  };
  beforeAll(() => {
    dir = mkdtempSync(join(tmpdir(), "portolan-serve-tls-"));
    ours = makeAuthority(dir, "ours");
    clients = makeAuthority(dir, "clients");
  });
  afterAll(() => rmSync(dir, { recursive: true, force: true }));

  let secured: ChartServer | undefined;
  afterEach(() => secured?.close());

  /** The certificate's name and the status; rejects where no TLS comes about. */
  function getSecured(client: object = {}): Promise<readonly [unknown, number | undefined]> {
    return new Promise((resolve, reject) => {
      const options = { ca: pem(ours.cert), headers: ADMITTED, agent: false, ...client };
      tlsRequest(`${secured?.url}/v1/chart`, options, (response) => {
        const { subject } = (response.socket as import("node:tls").TLSSocket).getPeerCertificate();
        response.resume().once("end", () => resolve([subject.CN, response.statusCode]));
      })
        .once("error", reject)
        .end();
    });
  }

  test("another certificate counts from the next connection on", async () => {
    let current = signed("first");
    secured = await start(() => current);
    expect(await getSecured()).toEqual(["first", 200]);
    current = signed("second");
    expect(await getSecured()).toEqual(["second", 200]);
  });

  test("where a certificate is demanded a client without one, or with another's, gets no answer", async () => {
    const tls = { ...signed("server"), ca: pem(clients.cert) };
    secured = await start(() => tls);
    const own = clients.sign("traefik", "extendedKeyUsage=clientAuth");
    const other = ours.sign("stranger", "extendedKeyUsage=clientAuth");
    const shown = ({ cert, key }: { cert: string; key: string }) => ({ cert: pem(cert), key: pem(key) });
    expect(await getSecured(shown(own))).toEqual(["server", 200]);
    await expect(getSecured()).rejects.toThrow();
    await expect(getSecured(shown(other))).rejects.toThrow();
    await until(() => refusals.length === 2, { timeoutMs: 5_000, what: "both to be reported" });
    expect(refusals).toEqual([
      ["no TLS", "ERR_SSL_PEER_DID_NOT_RETURN_A_CERTIFICATE"],
      ["no TLS", "SELF_SIGNED_CERT_IN_CHAIN"],
    ]);
  });

  test("who withdraws an authority refuses its clients, also one that has been there", async () => {
    const server = signed("server");
    let current: ServerTls = { ...server, ca: pem(clients.cert) };
    secured = await start(() => current);
    const own = clients.sign("known", "extendedKeyUsage=clientAuth");
    let session: Buffer | undefined;
    const client = { cert: pem(own.cert), key: pem(own.key), maxVersion: "TLSv1.2" } as const;
    await new Promise((resolve, reject) => {
      const asking = tlsRequest(`${secured?.url}/v1/chart`, {
        ...client,
        ca: pem(ours.cert),
        headers: ADMITTED,
        agent: false,
      });
      asking.once("socket", (socket) =>
        socket.once("session", (given: Buffer) => {
          session = given;
        }),
      );
      asking.once("response", (response) => response.resume().once("end", resolve));
      asking.once("error", reject).end();
    });
    expect(session).toBeDefined();
    current = { ...server, ca: pem(ours.cert) };
    await expect(getSecured({ ...client, session })).rejects.toThrow();
  });

  test("a handshake that never comes is given up", async () => {
    secured = await start(() => signed("server"));
    const socket = connect(Number(new URL(secured.url).port), "127.0.0.1");
    sockets.push(socket);
    await untilClosed(socket);
    expect(refusals).toEqual([["no TLS", "ERR_TLS_HANDSHAKE_TIMEOUT"]]);
  });
});
