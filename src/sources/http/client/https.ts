import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  constants,
  type IncomingHttpHeaders,
  type IncomingHttpStatusHeader,
} from "node:http2";
import { unlessAborted } from "../../../base/unless-aborted.ts";
import type { TlsMaterial, TlsOptions } from "../../credentials/tls-material.ts";
import { collectBody, textOf } from "./body.ts";
import type { HttpAnswer, HttpConnections, HttpRequest } from "./connections.ts";
import type { CatalogEndpoint } from "./endpoint.ts";
import { CONNECTION_LOST, failure } from "./failure.ts";
import { createHttp1 } from "./http1.ts";
import { openHttp2Session } from "./http2-session.ts";

/** Consul allows so many requests at a time on a connection; a server that says otherwise is believed. */
const REQUESTS_PER_CONNECTION = 250;

/** A connection and how many requests it carries. */
interface Lane {
  readonly session: ClientHttp2Session;
  readonly tls: TlsOptions;
  readonly limit: number;
  streams: number;
}

/**
 * HTTPS: by HTTP/2 where the server speaks it, so that thousands of long polls share a few connections, else by HTTP/1.1.
 *
 * @param mostConnections how many may be open at a time; what exceeds them queues on the last ones
 */
export function createHttps(endpoint: CatalogEndpoint, tls: TlsMaterial, mostConnections: number): HttpConnections {
  const basePath = new URL(endpoint.baseUrl).pathname;
  const lanes = new Set<Lane>();
  let opening: Promise<void> | undefined;
  let http1: HttpConnections | undefined;

  async function open(): Promise<void> {
    const options = tls.current();
    const session = await openHttp2Session(endpoint.baseUrl, options);
    if (session === undefined) {
      http1 ??= createHttp1(endpoint);
      return;
    }
    const { maxConcurrentStreams = REQUESTS_PER_CONNECTION } = session.remoteSettings;
    const lane = {
      session,
      tls: options,
      limit: Math.max(1, Math.min(maxConcurrentStreams, REQUESTS_PER_CONNECTION)),
      streams: 0,
    };
    lanes.add(lane);
    for (const end of ["goaway", "close"] as const) session.once(end, () => lanes.delete(lane));
  }

  /** A lane with its request counted; undefined where the server speaks HTTP/1.1. */
  async function take(signal: AbortSignal): Promise<Lane | undefined> {
    while (http1 === undefined) {
      retireOutdated();
      const free = [...lanes].find((lane) => lane.streams < lane.limit) ?? leastLoaded();
      if (free !== undefined) {
        free.streams += 1;
        return free;
      }
      opening ??= open().finally(() => {
        opening = undefined;
      });
      await unlessAborted(opening, signal);
    }
    return undefined;
  }

  /** Connections with certificates that were replaced carry what they carry to its end, and nothing new. */
  function retireOutdated(): void {
    const latest = tls.current();
    for (const lane of lanes) {
      if (lane.tls === latest) continue;
      lanes.delete(lane);
      lane.session.close();
    }
  }

  function leastLoaded(): Lane | undefined {
    if (lanes.size < mostConnections) return undefined;
    return [...lanes].reduce((least, lane) => (lane.streams < least.streams ? lane : least));
  }

  async function send(request: HttpRequest): Promise<HttpAnswer> {
    const lane = await take(request.signal);
    if (lane === undefined) return await (http1 ?? createHttp1(endpoint)).send(request);
    try {
      return await sendByStream(lane.session, basePath, request);
    } finally {
      lane.streams -= 1;
    }
  }

  return {
    send,
    get requestsPerConnection() {
      if (http1 !== undefined) return 1;
      return Math.min(REQUESTS_PER_CONNECTION, ...[...lanes].map(({ limit }) => limit));
    },
    close() {
      http1?.close();
      for (const { session } of lanes) session.destroy();
    },
  };
}

async function sendByStream(
  session: ClientHttp2Session,
  basePath: string,
  { method = "GET", path, headers, body, maxBytes, signal }: HttpRequest,
): Promise<HttpAnswer> {
  const head = { ":method": method, ":path": `${basePath}${path}`, ...headers };
  const stream = session.request(head, { signal, endStream: body === undefined });
  if (body !== undefined) stream.end(body);
  const isWhole = (): boolean => stream.rstCode === constants.NGHTTP2_NO_ERROR;
  const [found, bytes] = await Promise.all([headersOf(stream), collectBody(stream, maxBytes, isWhole)]);
  const header = (name: string) => [found[name]].flat()[0]?.toString();
  const text = await textOf(bytes, header("content-encoding"), maxBytes);
  return { status: found[":status"] ?? 0, header, text };
}

function headersOf(stream: ClientHttp2Stream): Promise<IncomingHttpHeaders & IncomingHttpStatusHeader> {
  return new Promise((resolve, reject) => {
    stream.once("response", resolve);
    stream.once("error", reject);
    const lost = (): void => reject(failure(CONNECTION_LOST));
    stream.once("close", lost);
    stream.once("response", () => stream.off("close", lost));
  });
}
