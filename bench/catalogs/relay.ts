import type { RelayState } from "./relay-process.ts";
import { startWorker } from "./worker.ts";

export interface Relay {
  /** The target's URL with the relay's port in it. */
  readonly url: string;
  counts(): Promise<RelayState>;
  stop(): Promise<void>;
}

/**
 * A TCP relay on loopback before a catalog, which counts bytes and connections. It understands nothing of what passes,
 * so TLS stays between the peer and the catalog.
 */
export async function startRelay(target: string): Promise<Relay> {
  const url = new URL(target);
  const worker = await startWorker<RelayState>("relay-process.ts", { targetPort: Number(url.port) });
  url.port = String((await worker.state()).port);
  return { url: url.origin, counts: worker.state, stop: worker.stop };
}
