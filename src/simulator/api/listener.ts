import { createServer, type IncomingMessage, type OutgoingHttpHeaders, type Server } from "node:http";
import { createSecureServer, type Http2SecureServer, type Http2ServerRequest } from "node:http2";
import { createServer as createHttpsServer } from "node:https";

export type CatalogRequest = IncomingMessage | Http2ServerRequest;

/** What the responses of both versions of HTTP have in common, as far as it is used. */
export interface CatalogResponse {
  readonly req: CatalogRequest;
  readonly headersSent: boolean;
  writeHead(status: number, headers?: OutgoingHttpHeaders): CatalogResponse;
  write(chunk: string | Uint8Array, written?: () => void): boolean;
  end(chunk?: string | Uint8Array): unknown;
  destroy(): unknown;
  once(event: "close", listener: () => void): unknown;
}

/** The certificate that the server shows, and the authority whose clients it lets in: contents of PEM files. */
export interface TlsOptions {
  readonly certPem: string;
  readonly keyPem: string;
  /** With one, clients must show a certificate that it has signed, as under Consul's `verify_incoming_https`. */
  readonly clientCaPem?: string;
  /** Offers no protocol by ALPN and speaks HTTP/1.1 alone, as Nomad does. Default: HTTP/2 as well. */
  readonly isHttp1Only?: boolean;
}

/** Consul's own: so many blocking queries share one connection. */
const STREAMS_PER_CONNECTION = 250;

/**
 * A server, not yet listening: HTTP/1.1, and with TLS also HTTP/2, by ALPN. As by Consul, a connection may idle for as
 * long as it likes, and HTTP/2 is not spoken without TLS.
 */
export function createListener(
  tls: TlsOptions | undefined,
  handle: (request: CatalogRequest, response: CatalogResponse) => void,
): Server | Http2SecureServer {
  if (tls === undefined) {
    const server = createServer(handle);
    server.keepAliveTimeout = 0;
    return server;
  }
  const { certPem, keyPem, clientCaPem, isHttp1Only = false } = tls;
  const shown = {
    cert: certPem,
    key: keyPem,
    ...(clientCaPem === undefined ? {} : { ca: clientCaPem, requestCert: true, rejectUnauthorized: true }),
  };
  if (isHttp1Only) {
    const server = createHttpsServer({ ...shown, ALPNProtocols: [] }, handle);
    server.keepAliveTimeout = 0;
    return server;
  }
  // Meant for its HTTP/1.1 side; the types know of no such option.
  const http1 = { keepAliveTimeout: 0 };
  return createSecureServer(
    {
      allowHTTP1: true,
      ...http1,
      ...shown,
      settings: { maxConcurrentStreams: STREAMS_PER_CONNECTION },
    },
    handle,
  );
}
