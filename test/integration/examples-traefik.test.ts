import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { connect, createServer } from "node:http2";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { load } from "js-yaml";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { playExample } from "../examples/site.ts";
import { until } from "../support/await-until.ts";
import { freePorts } from "../support/free-port.ts";
import { findTool } from "../support/real-binaries.ts";
import { fileProvider, startRealTraefik } from "../support/real-traefik.ts";
import { startServerProcess } from "../support/server-process.ts";

const traefikTool = await findTool("traefik");

interface Listed {
  readonly name: string;
  readonly status: string;
  readonly provider: string;
}

interface StaticConfig {
  readonly entryPoints: Readonly<Record<string, { address: string }>>;
  readonly providers: { readonly file: { directory: string } };
}

let root: string;
let watched: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "portolan-examples-"));
  watched = await mkdtemp(join(root, "dynamic-"));
});
afterEach(() => rm(root, { recursive: true, force: true }));

async function ownRouters(apiUrl: string): Promise<readonly Listed[]> {
  const routers = (await (await fetch(`${apiUrl}/api/http/routers?per_page=100`)).json()) as readonly Listed[];
  return routers.filter(({ provider }) => provider === "file");
}

describe.skipIf(traefikTool === undefined)("a real Traefik", () => {
  test.each(["homelab", "messenger", "nodeports", "gateway"])("takes the chart of %s whole", async (name) => {
    const { decision, routes } = await playExample(name);
    await writeFile(join(watched, "portolan.yml"), decision.text);
    if (traefikTool === undefined) throw new Error("no traefik");
    const entryPoints = ["websecure", "admin", "tunnel", "grpc"];
    const ports = await freePorts(entryPoints.length);
    const listening = entryPoints.map((one, i) => `--entryPoints.${one}.address=127.0.0.1:${ports[i]}`);
    const args = [...fileProvider(watched), ...listening];
    const traefik = await startRealTraefik(traefikTool, { args, directories: [watched] });
    try {
      const taken = await until(
        async () => {
          const routers = await ownRouters(traefik.apiUrl);
          return routers.length === 0 ? undefined : routers;
        },
        { timeoutMs: 5_000, what: "Traefik to have routers" },
      );
      expect(new Set(taken.map((router) => router.name))).toEqual(
        new Set(Object.keys(routes).map((router) => `${router}@file`)),
      );
      expect(taken.map(({ status }) => status)).toEqual(taken.map(() => "enabled"));
    } finally {
      await traefik.stop();
    }
  });

  test("takes the static configuration of gateway, whose tunnel alone may forward, and carries gRPC to Triton", async () => {
    if (traefikTool === undefined) throw new Error("no traefik");
    const example = load(await readFile("deploy/examples/gateway/traefik.yml", "utf8")) as StaticConfig;
    const [api = 0, grpc = 0, ...others] = await freePorts(4);
    for (const [name, entryPoint] of Object.entries(example.entryPoints)) {
      entryPoint.address = `127.0.0.1:${name === "grpc" ? grpc : others.pop()}`;
    }
    example.providers.file.directory = watched;
    const entryPoints = { ...example.entryPoints, traefik: { address: `127.0.0.1:${api}` } };
    const path = join(root, "traefik.yml");
    await writeFile(path, JSON.stringify({ ...example, entryPoints, api: { insecure: true } }));
    const triton = await startGrpcServer();
    const { decision } = await playExample("gateway");
    const moved = decision.text.replace("192.168.40.20:8001", `127.0.0.1:${triton.port}`);
    await writeFile(join(watched, "portolan.yml"), moved);
    const traefik = await startServerProcess(traefikTool, {
      args: [`--configfile=${path}`],
      directories: [root, watched],
      isReady: async () => (await fetch(`http://127.0.0.1:${api}/api/overview`)).ok,
    });
    try {
      const taken = await (await fetch(`http://127.0.0.1:${api}/api/entrypoints`)).json();
      const trusted = { name: "tunnel", forwardedHeaders: { trustedIPs: ["127.0.0.1/32", "::1/128"] } };
      expect(taken).toEqual(expect.arrayContaining([expect.objectContaining(trusted)]));
      const call = () => grpcStatus(grpc, "triton.home.example", "/inference.GRPCInferenceService/ServerLive");
      await until(async () => (await call()) === "0", { timeoutMs: 5_000, what: "Triton's answer by gRPC" });
    } finally {
      await traefik.stop();
      triton.close();
    }
  });
});

/** Answers every call with success, by HTTP/2 without TLS; on loopback. */
async function startGrpcServer(): Promise<{ readonly port: number; close(): void }> {
  const server = createServer();
  server.on("stream", (stream) => {
    stream.on("wantTrailers", () => stream.sendTrailers({ "grpc-status": "0" }));
    stream.respond({ ":status": 200, "content-type": "application/grpc" }, { waitForTrailers: true });
    stream.end();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return { port: (server.address() as AddressInfo).port, close: () => server.close() };
}

/** Calls by TLS, as gRPC clients do, and resolves to the status of the answer's trailers; undefined where it is no gRPC. */
async function grpcStatus(port: number, host: string, path: string): Promise<unknown> {
  // Traefik's own certificate, made at its start.
  const session = connect(`https://127.0.0.1:${port}`, { servername: host, rejectUnauthorized: false });
  try {
    const request = session.request({
      ...{ ":method": "POST", ":path": path, ":authority": host },
      ...{ "content-type": "application/grpc", te: "trailers" },
    });
    request.end();
    let status: unknown;
    request.on("trailers", (trailers) => {
      status = trailers["grpc-status"];
    });
    request.resume();
    await once(request, "close");
    return status;
  } finally {
    session.close();
  }
}
