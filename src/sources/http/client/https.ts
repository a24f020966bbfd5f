import type { ClientHttp2Session } from "node:http2";
import { unlessAborted } from "../../../base/unless-aborted.ts";
import type { TlsMaterial, TlsOptions } from "../../credentials/tls-material.ts";
import { createAxiosClient } from "./axios-client.ts";
import type { HttpConnections } from "./connections.ts";
import type { CatalogEndpoint } from "./endpoint.ts";
import { openHttp2Session } from "./http2/session.ts";
import { createHttp2Transport, type Http2Transport } from "./http2/transport.ts";

/** Consul allows so many requests at a time on a connection; a server that says otherwise is believed. */
const REQUESTS_PER_CONNECTION = 250;

/** A connection and how many requests it carries. */
interface Lane {
  readonly session: ClientHttp2Session;
  readonly transport: Http2Transport;
  readonly tls: TlsOptions;
  readonly limit: number;
  streams: number;
}

/**
 * HTTPS: by HTTP/2 where the server speaks it, so that thousands of long polls share a few connections, else by HTTP/1.1.
 * Which connection a request goes by is decided here; axios sends it, as it does every other.
 *
 * @param mostConnections how many may be open at a time; what exceeds them queues on the last ones
 */
export function createHttps(endpoint: CatalogEndpoint, tls: TlsMaterial, mostConnections: number): HttpConnections {
  const client = createAxiosClient(endpoint);
  const lanes = new Set<Lane>();
  let opening: Promise<void> | undefined;
  let isHttp1 = false;

  async function open(): Promise<void> {
    const options = tls.current();
    const session = await openHttp2Session(endpoint.baseUrl, options);
    if (session === undefined) {
      isHttp1 = true;
      return;
    }
    const { maxConcurrentStreams = REQUESTS_PER_CONNECTION } = session.remoteSettings;
    const lane = {
      session,
      transport: createHttp2Transport(session),
      tls: options,
      limit: Math.max(1, Math.min(maxConcurrentStreams, REQUESTS_PER_CONNECTION)),
      streams: 0,
    };
    lanes.add(lane);
    for (const end of ["goaway", "close"] as const) session.once(end, () => lanes.delete(lane));
  }

  /** A lane with its request counted; undefined where the server speaks HTTP/1.1. */
  async function take(signal: AbortSignal): Promise<Lane | undefined> {
    while (!isHttp1) {
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

  return {
    async send(request) {
      const lane = await take(request.signal);
      if (lane === undefined) return await client.send(request);
      try {
        return await client.send(request, lane.transport);
      } finally {
        lane.streams -= 1;
      }
    },
    // By HTTP/1.1, on a connection of its own: Nomad, whose streams these are, speaks no other over TLS.
    stream: (request) => client.stream(request),
    get requestsPerConnection() {
      if (isHttp1) return 1;
      return Math.min(REQUESTS_PER_CONNECTION, ...[...lanes].map(({ limit }) => limit));
    },
    keepAtRest: (most) => client.keepAtRest(most),
    close() {
      client.close();
      for (const { session } of lanes) session.destroy();
    },
  };
}
