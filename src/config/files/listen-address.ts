/** Where a listener listens. */
export interface ListenAddress {
  /** Without brackets. */
  readonly host: string;
  readonly port: number;
}

/** What is said where another text is found. */
export const LISTEN_ADDRESS_ALLOWED = 'HOST:PORT such as "127.0.0.1:9532" is allowed';

/** Where the listener is that the settings say nothing of. */
export const DEFAULT_LISTEN = "127.0.0.1:9532";

/** `HOST:PORT`, of which the host may be left out (all addresses) and is in brackets where it is IPv6; undefined for another text. */
export function parseListenAddress(text: string): ListenAddress | undefined {
  const [, host, port] = /^(\[[^\]]+\]|[^:]*):(\d{1,5})$/.exec(text) ?? [];
  if (host === undefined || Number(port) > 65_535) return undefined;
  return { host: host.replace(/^\[|\]$/g, "") || "0.0.0.0", port: Number(port) };
}
