import { parseBackendUrl } from "../traefik/backend-url.ts";

/** What is known of the address and port of a server that is only held. */
export interface HeldPort {
  /** What was registered there when the hold began, or shortly before: services by their keys, and their allocations. */
  readonly holders: ReadonlySet<string>;
  /** Held service, by its key → the nodes on which it was registered there, in so far as that is known. */
  readonly nodes: ReadonlyMap<string, ReadonlySet<string>>;
}

/** By `HOST:PORT`, in lower case. */
export type HeldPorts = ReadonlyMap<string, HeldPort>;

/** `HOST:PORT` of a server, by its URL or address. */
export function hostPortOfEndpoint(endpoint: string): string {
  const target = parseBackendUrl(endpoint);
  return (target === undefined ? endpoint : `${target.host}:${target.port}`).toLowerCase();
}
