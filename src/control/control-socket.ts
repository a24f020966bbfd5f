import { join } from "node:path";

/** Where the daemon that uses a state directory takes orders: who may enter that directory may give them. */
export function controlSocketPath(stateDir: string): string {
  return join(stateDir, "control.sock");
}

/** Orders are a few words and names of routers: a client that sends more, or takes longer, is cut off. */
export const MAX_BODY_BYTES = 65_536;
export const PATIENCE_MS = 10_000;
