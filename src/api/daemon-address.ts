/** Where the listener of a running portolan is asked. */
export interface DaemonAddress {
  /** A name or an address, without brackets. */
  readonly host: string;
  readonly port: number;
}

/** A listener at all addresses is asked at this machine's own. */
const LOOPBACK_OF: Readonly<Record<string, string>> = { "0.0.0.0": "127.0.0.1", "::": "::1" };

/** Where to ask what listens there. */
export function askedAt({ host, port }: DaemonAddress): DaemonAddress {
  return { host: LOOPBACK_OF[host] ?? host, port };
}

/** As it stands in a URL and in messages: `127.0.0.1:9532`, `[::1]:9532`. */
export function writtenAddress({ host, port }: DaemonAddress): string {
  return `${host.includes(":") ? `[${host}]` : host}:${port}`;
}

/** Is it asked on this machine, and by no network? */
export function isLoopbackAddress(address: DaemonAddress): boolean {
  const { host } = askedAt(address);
  return host === "localhost" || host === "::1" || /^127(?:\.\d{1,3}){3}$/.test(host);
}
