import { once } from "node:events";
import { createServer, type Server } from "node:http";

export interface Backends {
  readonly ports: readonly number[];
  close(): Promise<void>;
}

/** So many HTTP servers on 127.0.0.1, on ports that portolan may route to; each answers with its own port. */
export async function startBackends(count: number): Promise<Backends> {
  const servers: Server[] = [];
  const ports: number[] = [];
  for (let port = 20_000 + (process.pid % 10_000); servers.length < count && port <= 32_000; port += 1) {
    const server = createServer((_, response) => response.end(String(port)));
    server.keepAliveTimeout = 0;
    server.listen(port, "127.0.0.1");
    try {
      await once(server, "listening");
    } catch {
      continue; // Another process listens there; the next one.
    }
    servers.push(server);
    ports.push(port);
  }
  return {
    ports,
    async close() {
      for (const server of servers) server.closeAllConnections();
      await Promise.all(servers.map((server) => once(server.close(), "close")));
    },
  };
}
