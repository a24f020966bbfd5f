import { once } from "node:events";
import { type ClientHttp2Session, connect } from "node:http2";
import { connect as connectTls, type TLSSocket } from "node:tls";
import { createDeferred } from "../../../../base/deferred.ts";
import type { TlsOptions } from "../../../credentials/tls-material.ts";
import { limitConnecting } from "../connect-timeout.ts";
import { CONNECTION_LOST, failure } from "../failure.ts";

/** A peer that has not answered a ping by the next one is gone: its polls may last ten minutes, their loss may not. */
const PING_MS = 15_000;
const SETTINGS_TIMEOUT_MS = 5_000;
/** Without these a node's services of a megabyte would cross in portions of 64 KB, each waiting for a word. */
const STREAM_WINDOW_BYTES = 1024 * 1024;
const CONNECTION_WINDOW_BYTES = 8 * 1024 * 1024;
const MOST_MEMORY_MB = 64;

/**
 * Opens a connection by TLS; undefined where the server does not speak HTTP/2 over it (RFC 7301, ALPN). Rejects with what
 * the network said.
 */
export async function openHttp2Session(baseUrl: string, tls: TlsOptions): Promise<ClientHttp2Session | undefined> {
  const { hostname, port, origin } = new URL(baseUrl);
  const host = hostname.replace(/^\[|\]$/g, "");
  const socket = await untilSecure(
    connectTls({
      host,
      port: Number(port || 443),
      ...(/^[\d.]+$|:/.test(host) ? {} : { servername: host }),
      ...tls,
      ALPNProtocols: ["h2", "http/1.1"],
    }),
  );
  if (socket.alpnProtocol !== "h2") {
    socket.destroy();
    return undefined;
  }
  const session = connect(origin, {
    createConnection: () => socket,
    settings: { initialWindowSize: STREAM_WINDOW_BYTES, enablePush: false },
    maxSessionMemory: MOST_MEMORY_MB,
  });
  // Streams report what happens to them; an error of the connection itself has no other listener.
  session.on("error", () => {});
  // With TLS 1.3 a server that refuses our certificate says so only now, and the session does not report it.
  const refused = createDeferred<never>();
  refused.promise.catch(() => {});
  socket.once("error", (error) => {
    refused.reject(error);
    session.destroy(error);
  });
  try {
    const settings = once(session, "remoteSettings", { signal: AbortSignal.timeout(SETTINGS_TIMEOUT_MS) });
    await Promise.race([settings, refused.promise]);
  } catch (error) {
    const isLost = session.destroyed;
    session.destroy();
    throw isLost && isAbort(error) ? failure(CONNECTION_LOST) : error;
  }
  session.setLocalWindowSize(CONNECTION_WINDOW_BYTES);
  keepProbing(session);
  return session;
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === "AbortError";
}

async function untilSecure(socket: TLSSocket): Promise<TLSSocket> {
  limitConnecting(socket, (error) => socket.destroy(error));
  await once(socket, "secureConnect");
  return socket;
}

function keepProbing(session: ClientHttp2Session): void {
  let isAnswered = true;
  const timer = setInterval(() => {
    if (!isAnswered) {
      session.destroy();
      return;
    }
    isAnswered = false;
    session.ping(() => {
      isAnswered = true;
    });
  }, PING_MS);
  session.once("close", () => clearInterval(timer));
}
