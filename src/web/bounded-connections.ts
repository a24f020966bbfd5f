import type { Server, Socket } from "node:net";

export interface ConnectionLimits {
  /** Of all clients together. */
  readonly connections: number;
  /** Of one client's address, so that none keeps the others out. */
  readonly ofClient: number;
}

/** The connections of a server that takes no more than its limits; those beyond them are closed at once. */
export interface BoundedConnections {
  /** Closes them all, also those that have not finished a TLS handshake, which the server itself does not know. */
  close(): void;
}

export function boundConnections(server: Server, limits: ConnectionLimits): BoundedConnections {
  const open = new Map<Socket, string>();
  server.maxConnections = limits.connections;
  server.prependListener("connection", (socket: Socket) => {
    const client = socket.remoteAddress ?? "";
    const others = [...open.values()].filter((one) => one === client).length;
    if (others >= limits.ofClient) {
      socket.destroy();
      return;
    }
    open.set(socket, client);
    socket.once("close", () => open.delete(socket));
  });
  return {
    close() {
      for (const socket of open.keys()) socket.destroy();
    },
  };
}
