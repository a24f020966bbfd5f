import { createSocket } from "node:dgram";
import { once } from "node:events";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, request } from "node:http";
import { connect as connectHttp2, createServer as createHttp2Server } from "node:http2";
import { connect, createServer as createTcpServer, type Socket } from "node:net";
import { dirname, join } from "node:path";
import { load } from "js-yaml";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type CatalogServer, startCatalogServer } from "../../src/simulator/server.ts";
import { createCatalog } from "../../src/simulator/state/catalog.ts";
import { type HowTo, readHowTo } from "../builders/how-to.ts";
import { until } from "../support/await-until.ts";
import { freePorts } from "../support/free-port.ts";
import { runPortolan } from "../support/portolan-process.ts";
import { findTool } from "../support/real-binaries.ts";
import { fileProvider, type RealTraefik, startRealTraefik } from "../support/real-traefik.ts";
import { createSite, errorsAboutUs, type Site } from "./site.ts";

const FOLDER = join(import.meta.dirname, "../../docs/how-to");
const [grpc, grpcWeb, webSocket, tcp, udp] = await Promise.all(
  ["grpc", "grpc-web", "websocket", "tcp", "udp"].map((name) => readHowTo(join(FOLDER, `${name}.md`))),
);
const traefikTool = await findTool("traefik");
const SOON = { timeoutMs: 10_000 };

/** Listens on a free port of the dynamic range. */
async function inRange(listen: (port: number) => Promise<boolean>): Promise<number> {
  for (let port = 29_200; port < 29_300; port += 1) if (await listen(port)) return port;
  throw new Error("no free port between 29200 and 29299");
}

describe.skipIf(traefikTool === undefined)("the how-tos before a real Traefik", () => {
  const catalog = createCatalog();
  const closing: (() => void)[] = [];
  let site: Site;
  let server: CatalogServer;
  let traefik: RealTraefik;
  const ports = new Map<string, number>();

  const portAt = (entryPoint: string) => ports.get(entryPoint) ?? 0;

  beforeAll(async () => {
    site = await createSite();
    server = await startCatalogServer({ catalog });
    // The entry points of the pages, on ports of this test's own.
    const entryPoints = [tcp, udp].flatMap((page) => Object.entries(entryPointsOf(page)));
    const own = await freePorts(entryPoints.length + 1);
    for (const [at, name] of [...entryPoints.map(([one]) => one), "websecure"].entries()) ports.set(name, own[at] ?? 0);
    const flags = entryPoints.map(
      ([name, address]) =>
        `--entryPoints.${name}.address=127.0.0.1:${portAt(name)}${address.endsWith("/udp") ? "/udp" : ""}`,
    );
    const secure = [
      `--entryPoints.websecure.address=127.0.0.1:${portAt("websecure")}`,
      "--entryPoints.websecure.http.tls=true",
    ];
    traefik = await startRealTraefik(traefikTool!, {
      args: [...fileProvider(site.watched), ...flags, ...secure],
      directories: [site.watched],
    });
  });
  afterEach(() => {
    for (const close of closing.splice(0)) close();
  });
  afterAll(async () => {
    expect(errorsAboutUs(traefik.logLines())).toEqual([]);
    await traefik.stop();
    await server.close();
    await site.remove();
  });

  /** Registers what a page shows, with these ports, and publishes it once by the page's files. */
  async function publish(page: HowTo, portOf: Readonly<Record<string, number>>, untagged: readonly string[] = []) {
    catalog.wipe();
    for (const name of [...page.services.map((service) => service.name), ...untagged]) {
      const Port = portOf[name];
      const Tags = page.services.find((service) => service.name === name)?.tags ?? [];
      if (Port === undefined) continue;
      catalog.register({ Node: "node-1", Address: "127.0.0.1", Service: { ID: name, Service: name, Port, Tags } });
    }
    // Each page is a beginning, and takes nothing away from what another one's services had.
    for (const path of [site.chart, site.stateDir]) await rm(path, { recursive: true, force: true });
    const folder = dirname(site.stateDir);
    for (const [name, text] of [["portolan.yml", "{}\n"], ...page.files] as const) {
      await mkdir(dirname(join(folder, name)), { recursive: true });
      await writeFile(join(folder, name), text);
    }
    const flags = ["--settings", join(folder, "portolan.yml"), "--consul-addr", server.url];
    const { code, stderr } = await runPortolan([
      "once",
      ...flags,
      "--output",
      site.chart,
      "--state-dir",
      site.stateDir,
    ]);
    expect(code, stderr).toBe(0);
  }

  test("gRPC: a call by TLS reaches a service that speaks h2c", async () => {
    const port = await grpcBackend();
    await publish(grpc!, { "orders-grpc": port });
    const call = () => grpcStatus(portAt("websecure"), "orders.lab.local", "/orders.v1.Orders/List");
    await until(async () => (await call()) === "0", { ...SOON, what: "an answer by gRPC" });
  });

  test("gRPC-Web: a page of the named origin gets its answer, with the trailers in it", async () => {
    const port = await grpcBackend();
    await publish(grpcWeb!, { "orders-grpc": port });
    const call = (origin: string) =>
      sent(traefik.url, {
        method: "POST",
        path: "/orders.v1.Orders/List",
        headers: { host: "orders.lab.local", origin, "content-type": "application/grpc-web+proto" },
      });
    await until(async () => (await call("https://app.lab.local")).status === 200, { ...SOON, what: "an answer" });
    const { headers, text } = await call("https://app.lab.local");
    expect(headers["content-type"]).toBe("application/grpc-web");
    expect(headers["access-control-allow-origin"]).toBe("https://app.lab.local");
    expect(text).toContain("grpc-status: 0");
    expect((await call("https://evil.example")).headers["access-control-allow-origin"]).toBeUndefined();
  });

  test("WebSocket: it is connected with a token, and answered with 401 without", async () => {
    const sockets = createServer();
    sockets.on("upgrade", (_, socket: Socket) => {
      socket.end("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
    });
    const signOn = createServer(({ headers, url }, response) => {
      response.writeHead(url === "/verify" && headers.authorization === "Bearer good" ? 200 : 401).end();
    });
    await publish(webSocket!, { "messaging-ws": await opened(sockets), jwt: await opened(signOn) }, ["jwt"]);
    const call = (authorization: string) =>
      sent(traefik.url, {
        method: "GET",
        path: "/ws",
        headers: {
          ...{ host: "chat.example", authorization, connection: "Upgrade", upgrade: "websocket" },
          ...{ "sec-websocket-version": "13", "sec-websocket-key": "MDEyMzQ1Njc4OWFiY2RlZg==" },
        },
      });
    await until(async () => (await call("Bearer bad")).status === 401, { ...SOON, what: "a refusal" });
    expect((await call("Bearer good")).status).toBe(101);
    expect(await readFile(site.chart, "utf8")).not.toContain("catalog://");
  });

  test("TCP: clients of the entry point reach the service", async () => {
    const port = await opened(createTcpServer((socket) => socket.end("+PONG\r\n")));
    await publish(tcp!, { cache: port });
    const call = async () => {
      const socket = connect(portAt("redis"), "127.0.0.1");
      const [answer] = (await once(socket, "data", { signal: AbortSignal.timeout(1_000) })) as [Buffer];
      return answer.toString();
    };
    await until(async () => (await call()) === "+PONG\r\n", { ...SOON, what: "an answer by TCP" });
  });

  test("UDP: datagrams to the entry point reach the service, and the answers come back", async () => {
    const backend = createSocket("udp4");
    backend.on("message", (message, { port, address }) => backend.send(`echo ${message}`, port, address));
    const port = await inRange(
      (candidate) =>
        new Promise((resolve) => {
          backend.once("error", () => resolve(false));
          backend.bind(candidate, "127.0.0.1", () => resolve(true));
        }),
    );
    closing.push(() => backend.close());
    await publish(udp!, { resolver: port });
    const client = createSocket("udp4");
    closing.push(() => client.close());
    const call = async () => {
      client.send("hello", portAt("dns"), "127.0.0.1");
      const [answer] = (await once(client, "message", { signal: AbortSignal.timeout(500) })) as [Buffer];
      return answer.toString();
    };
    await until(async () => (await call()) === "echo hello", { ...SOON, what: "an answer by UDP" });
  });

  /** Lets a server listen on a free dynamic port until the test ends. */
  async function opened(server: ReturnType<typeof createTcpServer>): Promise<number> {
    closing.push(() => server.close());
    return await inRange(
      (port) =>
        new Promise((resolve) => {
          server.once("error", () => resolve(false));
          server.listen(port, "127.0.0.1", () => resolve(true));
        }),
    );
  }

  /** Answers every call with success, by HTTP/2 without TLS. */
  async function grpcBackend(): Promise<number> {
    const backend = createHttp2Server();
    backend.on("stream", (stream) => {
      stream.on("wantTrailers", () => stream.sendTrailers({ "grpc-status": "0" }));
      stream.respond({ ":status": 200, "content-type": "application/grpc" }, { waitForTrailers: true });
      stream.end();
    });
    return await opened(backend);
  }
});

function entryPointsOf(page: HowTo | undefined): Readonly<Record<string, string>> {
  const { entryPoints } = load(page?.staticConfig ?? "") as { entryPoints: Record<string, { address: string }> };
  return Object.fromEntries(Object.entries(entryPoints).map(([name, { address }]) => [name, address]));
}

/** Calls by TLS, as gRPC clients do, and resolves to the status in the answer's trailers; undefined where it is no gRPC. */
async function grpcStatus(port: number, host: string, path: string): Promise<unknown> {
  // Traefik's own certificate, made at its start.
  const session = connectHttp2(`https://127.0.0.1:${port}`, { servername: host, rejectUnauthorized: false });
  try {
    const call = session.request({
      ...{ ":method": "POST", ":path": path, ":authority": host },
      ...{ "content-type": "application/grpc", te: "trailers" },
    });
    call.end();
    let status: unknown;
    call.on("trailers", (trailers) => {
      status = trailers["grpc-status"];
    });
    call.resume();
    await once(call, "close");
    return status;
  } finally {
    session.close();
  }
}

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: string;
}

/** Sends a request and resolves to its answer, also where that changes the protocol. */
function sent(
  url: string,
  {
    method,
    path,
    headers,
  }: { readonly method: string; readonly path: string; readonly headers: Record<string, string> },
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { method, path, headers, agent: false });
    outgoing.on("upgrade", ({ statusCode = 0, headers: answered }, socket) => {
      socket.destroy();
      resolve({ status: statusCode, headers: answered, text: "" });
    });
    outgoing.on("response", (response) => {
      let text = "";
      response.on("data", (part: Buffer) => {
        text += part.toString();
      });
      response.on("end", () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }));
    });
    outgoing.on("error", reject);
    outgoing.end();
  });
}
