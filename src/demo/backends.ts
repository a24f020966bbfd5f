import { createServer } from "node:http";
import { createServer as createHttp2Server } from "node:http2";
import type { Server } from "node:net";
import type { HomelabInstance } from "./homelab.ts";

export interface Backends {
  /** Ports that another process uses on this machine: their routes exist, but that process answers. */
  readonly taken: readonly number[];
  close(): Promise<void>;
}

/** Starts a small HTTP server on 127.0.0.1 for each instance; gRPC ports speak HTTP/2 without TLS (h2c). */
export async function startBackends(instances: readonly HomelabInstance[]): Promise<Backends> {
  const servers: Server[] = [];
  const taken: number[] = [];
  for (const instance of instances) {
    const server = createBackend(instance);
    if (await listens(server, instance.port)) servers.push(server);
    else taken.push(instance.port);
  }
  return {
    taken,
    async close() {
      for (const server of servers)
        if ("closeAllConnections" in server) (server as { closeAllConnections(): void }).closeAllConnections();
      await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
    },
  };
}

function createBackend({ service, node, port }: HomelabInstance): Server {
  const text = `${service} on ${node}, 127.0.0.1:${port}\n`;
  if (service.endsWith("-grpc")) return createHttp2Server((_, response) => response.end(text));
  return createServer((_, response) => response.end(text));
}

function listens(server: Server, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => resolve(true));
  });
}
