import { DEFAULT_SETTINGS_FILE, SETTINGS_VARIABLE } from "../../../config/files/settings-file.ts";
import { loadSettings } from "../../../config/load.ts";
import { giveOrder } from "../../../control/control-client.ts";
import type { Order } from "../../../control/orders.ts";
import type { Flag } from "../../command-line/command-line.ts";
import { SETTINGS_FLAG } from "../../command-line/flags.ts";

/** Flags of every command that gives an order to the daemon that runs. */
export const ORDER_FLAGS: readonly Flag[] = [
  { name: "state-dir", value: "DIR", help: "the state directory of the portolan that runs" },
  {
    ...SETTINGS_FLAG,
    help: `its settings, which name that directory (${SETTINGS_VARIABLE}, else ${DEFAULT_SETTINGS_FILE})`,
  },
];

/**
 * Gives an order to the portolan that the flags point at. Throws AppError: bad settings (exit code 78), no portolan there
 * (69), refused (1).
 */
export async function sendOrder<Parameters, Answer>(
  flags: Readonly<Record<string, string | undefined>>,
  order: Order<Parameters, Answer>,
  parameters?: Parameters,
): Promise<Answer> {
  const stateDir = flags["state-dir"] ?? (await loadSettings(flags, process.env)).stateDir;
  return giveOrder(stateDir, order, parameters);
}
