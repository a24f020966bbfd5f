import type { Server } from "node:http";
import type { Http2SecureServer } from "node:http2";
import type { Socket } from "node:net";

/** The connections of a server, counted and ended together. */
export interface Connections {
  readonly open: number;
  /** The most there ever were at once. */
  readonly max: number;
  /** How many were turned away at the limit. */
  readonly refused: number;
  endAll(): void;
}

/**
 * Counts a server's connections, and closes those of one address beyond the limit without a word and, with TLS, before
 * its handshake, as Consul 1.8 does by `limits.http_max_conns_per_client`; later versions send 429 first.
 */
export function countConnections(server: Server | Http2SecureServer, maxPerClient: number): Connections {
  const sockets = new Set<Socket>();
  const perClient = new Map<string, number>();
  let max = 0;
  let refused = 0;

  server.on("connection", (socket: Socket) => {
    const client = socket.remoteAddress ?? "";
    const already = perClient.get(client) ?? 0;
    if (already >= maxPerClient) {
      refused += 1;
      socket.destroy();
      return;
    }
    perClient.set(client, already + 1);
    sockets.add(socket);
    max = Math.max(max, sockets.size);
    socket.once("close", () => {
      sockets.delete(socket);
      perClient.set(client, (perClient.get(client) ?? 1) - 1);
    });
  });

  return {
    get open() {
      return sockets.size;
    },
    get max() {
      return max;
    },
    get refused() {
      return refused;
    },
    endAll() {
      for (const socket of sockets) socket.destroy();
    },
  };
}
