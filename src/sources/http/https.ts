import type { ClientHttp2Session, ClientHttp2Stream, IncomingHttpHeaders, IncomingHttpStatusHeader } from "node:http2";
import type { CatalogEndpoint } from "../endpoint.ts";
import { unlessAborted } from "./abortable.ts";
import { collectBody, textOf } from "./body.ts";
import type { HttpAnswer, HttpConnections, HttpRequest } from "./connections.ts";
import { CONNECTION_LOST, failure } from "./failure.ts";
import { createHttp1 } from "./http1.ts";
import { openHttp2Session } from "./http2-session.ts";

/** Consul allows so many requests at a time on a connection; a server that says otherwise is believed. */
const REQUESTS_PER_CONNECTION = 250;

/** A connection and how many requests it carries. */
interface Lane {
  readonly session: ClientHttp2Session;
  readonly limit: number;
  streams: number;
}

/**
 * HTTPS: by HTTP/2 where the server speaks it, so that thousands of long polls share a few connections, else by HTTP/1.1.
 *
 * @param mostConnections how many may be open at a time; what exceeds them queues on the last ones
 */
export function createHttps(endpoint: CatalogEndpoint, mostConnections: number): HttpConnections {
  const basePath = new URL(endpoint.baseUrl).pathname;
  const lanes = new Set<Lane>();
  let opening: Promise<void> | undefined;
  let http1: HttpConnections | undefined;

  async function open(): Promise<void> {
    const session = await openHttp2Session(endpoint);
    if (session === undefined) {
      http1 ??= createHttp1(endpoint);
      return;
    }
    const { maxConcurrentStreams = REQUESTS_PER_CONNECTION } = session.remoteSettings;
    const lane = { session, limit: Math.max(1, Math.min(maxConcurrentStreams, REQUESTS_PER_CONNECTION)), streams: 0 };
    lanes.add(lane);
    for (const end of ["goaway", "close"] as const) session.once(end, () => lanes.delete(lane));
  }

  /** A lane with its request counted; undefined where the server speaks HTTP/1.1. */
  async function take(signal: AbortSignal): Promise<Lane | undefined> {
    while (http1 === undefined) {
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

  function leastLoaded(): Lane | undefined {
    if (lanes.size < mostConnections) return undefined;
    return [...lanes].reduce((least, lane) => (lane.streams < least.streams ? lane : least));
  }

  async function get(request: HttpRequest): Promise<HttpAnswer> {
    const lane = await take(request.signal);
    if (lane === undefined) return await (http1 ?? createHttp1(endpoint)).get(request);
    try {
      return await getByStream(lane.session, basePath, request);
    } finally {
      lane.streams -= 1;
    }
  }

  return {
    get,
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

async function getByStream(
  session: ClientHttp2Session,
  basePath: string,
  { path, headers, maxBytes, signal }: HttpRequest,
): Promise<HttpAnswer> {
  const stream = session.request({ ":path": `${basePath}${path}`, ...headers }, { signal });
  const [found, body] = await Promise.all([headersOf(stream), collectBody(stream, maxBytes)]);
  const header = (name: string) => [found[name]].flat()[0]?.toString();
  const text = await textOf(body, header("content-encoding"), maxBytes);
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
