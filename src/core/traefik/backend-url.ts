import { memoizeLatest } from "../incremental/memoize.ts";

/** Where a request finally goes. */
export interface BackendTarget {
  readonly scheme: string;
  readonly host: string;
  readonly port: number;
}

const DEFAULT_PORTS: Readonly<Record<string, number>> = { http: 80, https: 443, h2c: 80 };
const URL_SHAPE = /^([a-z][a-z0-9+.-]*):\/\/(?:[^/?#@]*@)?(\[[^\]/?#]+\]|[^:/?#[\]@\s]+)(?::(\d{1,5}))?(?:[/?#]|$)/i;

/**
 * Takes a backend's URL apart. Undefined where Traefik could not use it: no scheme of http, https or h2c, no host, or a
 * port beyond 65535. A URL without a port means its scheme's.
 */
export const parseBackendUrl = memoizeLatest((url): BackendTarget | undefined => {
  const [, scheme, host, portText] = URL_SHAPE.exec(url) ?? [];
  if (scheme === undefined || host === undefined) return undefined;
  const usual = DEFAULT_PORTS[scheme.toLowerCase()];
  if (usual === undefined) return undefined;
  const port = portText === undefined ? usual : Number(portText);
  return port > 65_535 ? undefined : { scheme: scheme.toLowerCase(), host, port };
});

const ENDPOINT_SHAPE = /^(\[[^\]/?#@\s]+\]|[^:/?#[\]@\s]+):(\d{1,5})$/;

/** Takes `HOST:PORT` apart. Undefined for anything else: a path would be a socket of Traefik's machine. */
export function parseEndpoint(endpoint: string): Pick<BackendTarget, "host" | "port"> | undefined {
  const [, host, port] = ENDPOINT_SHAPE.exec(endpoint) ?? [];
  return host === undefined || Number(port) > 65_535 ? undefined : { host, port: Number(port) };
}

/** Joins host and port as Go's `net.JoinHostPort` does: brackets around whatever contains a colon, even brackets. */
export function joinHostPort(host: string, port: string): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}

/** `HOST:PORT` of an address, which may have brackets, in one spelling: for comparing whether two are one place. */
export function hostPortAt(address: string, port: number): string {
  return joinHostPort(address.replace(/^\[|\]$/g, ""), String(port)).toLowerCase();
}

/** A host without brackets, zone and the dot that a name may end in, in lower case. */
export function plainHost(host: string): string {
  if (PLAIN_IPV4.test(host)) return host;
  return host
    .replace(/^\[|\]$/g, "")
    .replace(/%.*$/, "")
    .replace(/\.$/, "")
    .toLowerCase();
}

const PLAIN_IPV4 = /^[0-9.]*[0-9]$/;
