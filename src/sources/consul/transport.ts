import { readFileSync } from "node:fs";
import { type ClientRequest, Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import type { Socket } from "node:net";
import { AppError, EXIT_CODES } from "../../errors.ts";

export interface ConsulTls {
  readonly caFile?: string;
  readonly certFile?: string;
  readonly keyFile?: string;
  readonly serverName?: string;
  readonly insecureSkipVerify?: boolean;
}

/** Where Consul answers: an http or https URL, or `unix://` and a socket's path. */
export interface ConsulEndpoint {
  readonly baseUrl: string;
  readonly socketPath?: string;
  readonly agent: HttpAgent | HttpsAgent;
}

const CONNECT_TIMEOUT_MS = 1_000;
/** TCP keepalive finds a peer that vanished without a word; the request's deadline is the second net. */
const KEEPALIVE_MS = 15_000;

/** Turns an address and TLS files into what the HTTP client needs. Throws AppError where a file cannot be read. */
export function openEndpoint(address: string, tls: ConsulTls): ConsulEndpoint {
  const keepAlive = { keepAlive: true, keepAliveMsecs: KEEPALIVE_MS, maxFreeSockets: 8 };
  if (address.startsWith("unix://")) {
    return {
      baseUrl: "http://localhost/v1",
      socketPath: address.slice("unix://".length),
      agent: new HttpAgent(keepAlive),
    };
  }
  const baseUrl = `${address.replace(/\/+$/, "")}/v1`;
  if (!address.startsWith("https:")) return { baseUrl, agent: new HttpAgent(keepAlive) };
  return {
    baseUrl,
    agent: new HttpsAgent({
      ...keepAlive,
      minVersion: "TLSv1.2",
      rejectUnauthorized: tls.insecureSkipVerify !== true,
      ...(tls.caFile === undefined ? {} : { ca: readTlsFile("consul.tls.caFile", tls.caFile) }),
      ...(tls.certFile === undefined ? {} : { cert: readTlsFile("consul.tls.certFile", tls.certFile) }),
      ...(tls.keyFile === undefined ? {} : { key: readTlsFile("consul.tls.keyFile", tls.keyFile) }),
      ...(tls.serverName === undefined ? {} : { servername: tls.serverName }),
    }),
  };
}

function readTlsFile(setting: string, path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    const reason = error instanceof Error && "code" in error ? String(error.code) : "unknown reason";
    throw new AppError(`${setting}: cannot read ${path} (${reason}); name a readable PEM file`, {
      code: "E_SETTINGS_FILE",
      retryable: false,
      exitCode: EXIT_CODES.badSettings,
    });
  }
}

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
