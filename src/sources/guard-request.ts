import type { ClientRequest } from "node:http";
import type { Socket } from "node:net";

const CONNECT_TIMEOUT_MS = 1_000;

/** Marks for errors that are ours, so that the client's boundary can tell them from the library's. */
export const CONNECT_TIMEOUT = "PORTOLAN_CONNECT_TIMEOUT";
export const ANSWER_TOO_LARGE = "PORTOLAN_ANSWER_TOO_LARGE";
export const ANSWER_CUT = "PORTOLAN_ANSWER_CUT";

function marked(code: string): Error {
  return Object.assign(new Error(code), { code });
}

/**
 * Guards one outgoing request: a connection must stand within a second, an answer that is cut short or grows too large
 * ends the request at once. The HTTP client below notices neither: a cut body would look like an endless long poll.
 */
export function guardRequest(outgoing: ClientRequest, maxBytes: number): ClientRequest {
  outgoing.once("socket", (socket: Socket) => {
    if (!socket.connecting) return;
    const timer = setTimeout(() => outgoing.destroy(marked(CONNECT_TIMEOUT)), CONNECT_TIMEOUT_MS);
    const settle = (): void => clearTimeout(timer);
    socket.once("connect", settle);
    socket.once("close", settle);
  });
  outgoing.prependOnceListener("response", (incoming) => {
    let seenBytes = 0;
    incoming.once("error", () => outgoing.emit("error", marked(seenBytes > maxBytes ? ANSWER_TOO_LARGE : ANSWER_CUT)));
    incoming.on("data", (part: Buffer) => {
      seenBytes += part.length;
      // The answer, not the request: that one may have ended already, and its connection would throw at nobody.
      if (seenBytes > maxBytes) incoming.destroy(marked(ANSWER_TOO_LARGE));
    });
  });
  return outgoing;
}
