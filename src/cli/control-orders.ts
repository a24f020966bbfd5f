import { loadSettings } from "../config/load.ts";
import { giveOrder } from "../control/control-client.ts";
import type { Flag } from "./command-line.ts";

/** Flags of every command that gives an order to the daemon that runs. */
export const ORDER_FLAGS: readonly Flag[] = [
  { name: "state-dir", value: "DIR", help: "the state directory of the portolan that runs" },
  { name: "settings", value: "FILE", help: "its settings, which name that directory, in place of --state-dir" },
];

/** Gives an order to the portolan that the flags point at. Throws AppError: bad settings (78), nobody there (69), refused (1). */
export async function order(
  flags: Readonly<Record<string, string | undefined>>,
  what: string,
  body?: unknown,
): Promise<unknown> {
  const stateDir = flags["state-dir"] ?? (await loadSettings(flags, process.env)).stateDir;
  return giveOrder(stateDir, what, body);
}
