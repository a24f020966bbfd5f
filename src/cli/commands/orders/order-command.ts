import { ask } from "../../../api/client/ask.ts";
import { ASKED } from "../../../api/client/asked.ts";
import { isLoopbackAddress } from "../../../api/daemon-address.ts";
import { daemonPlace } from "../../../config/daemon-place.ts";
import { giveOrder } from "../../../control/control-client.ts";
import type { Order } from "../../../control/orders.ts";
import { type FlagValues, usageError } from "../../command-line/command-line.ts";

/**
 * Gives an order to the portolan that the flags point at. Throws AppError: bad settings (exit code 78), no portolan there
 * (69), refused (1).
 */
export async function sendOrder<Parameters, Answer>(
  flags: FlagValues,
  order: Order<Parameters, Answer>,
  parameters?: Parameters,
): Promise<Answer> {
  return giveOrder(await stateDirOf(flags), order, parameters);
}

/**
 * The state directory that flag or settings name; else that of the portolan that listens on this machine, by its own word.
 * That word is worth little, since any process may listen where portolan does not: an impostor would get to know who gave
 * which order, and could answer that it is done. What may change a chart is decided by the socket in that directory alone,
 * which only portolan's user makes and uses.
 */
async function stateDirOf(flags: FlagValues): Promise<string> {
  const { listen, stateDir } = await daemonPlace(flags, process.env);
  if (stateDir !== undefined) return stateDir;
  if (!isLoopbackAddress(listen)) {
    throw usageError(
      `--listen: found ${listen.host}, which is not this machine's loopback; orders are given on the machine itself: name the state directory with --state-dir`,
    );
  }
  return (await ask(listen, ASKED.status, {})).stateDir;
}
