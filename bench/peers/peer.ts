import type { Traffic } from "../catalogs/peer-catalog.ts";
import type { Change } from "../lifecycle.ts";
import type { PeerName } from "../options.ts";

/** One way from a change to a route, with a Traefik of its own. */
export interface Peer {
  readonly name: PeerName;
  /** Its Traefik's entry point. */
  readonly url: string;
  /** The file that it renames, and the process whose memory and time are measured. */
  readonly daemon?: { readonly chartPath: string; readonly pid: number };
  /** Gets a change ready; what comes back makes it, and nothing else, so that it can be timed. */
  prepare(change: Change): (() => Promise<void>) | Promise<() => Promise<void>>;
  /** Between it and its catalog since the start; absent where there is none. */
  traffic?(): Promise<Traffic>;
  stop(): Promise<void>;
}
