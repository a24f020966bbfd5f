import type { Socket } from "node:net";
import { CONNECT_TIMEOUT, failure } from "./failure.ts";

const CONNECT_TIMEOUT_MS = 1_000;

/** Gives a connection a second to stand: a host that swallows packets would hold it for minutes. */
export function limitConnecting(socket: Socket, giveUp: (error: Error) => void): void {
  if (!socket.connecting) return;
  const timer = setTimeout(() => giveUp(failure(CONNECT_TIMEOUT)), CONNECT_TIMEOUT_MS);
  const settle = (): void => clearTimeout(timer);
  socket.once("connect", settle);
  socket.once("close", settle);
}
