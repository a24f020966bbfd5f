import { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { limitConnecting } from "./connect-timeout.ts";

/** TCP's own probes find a peer that vanished without a word; the request's deadline is the second net. */
const PROBE_AFTER_MS = 15_000;

/** What every new connection of an agent gets: a second to stand, and TCP probes. Returns the connection. */
export function prepareConnection<T extends Duplex | null | undefined>(connection: T): T {
  if (connection instanceof Socket) {
    limitConnecting(connection, (error) => connection.destroy(error));
    pinProbes(connection);
  }
  return connection;
}

/** Axios sets them to 60 s with each request, so their time is fixed. */
function pinProbes(socket: Socket): void {
  const setKeepAlive = socket.setKeepAlive.bind(socket);
  socket.setKeepAlive = () => setKeepAlive(true, PROBE_AFTER_MS);
  socket.setKeepAlive();
}
