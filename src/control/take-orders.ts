import type { Clock } from "../base/clock.ts";
import { AppError } from "../base/errors.ts";
import type { ControlAction } from "./control-action.ts";
import { type ControlServer, startControlServer } from "./control-server.ts";

export interface TakeOrdersParts {
  readonly stateDir: string;
  readonly actions: readonly ControlAction[];
  readonly clock: Clock;
  /** Called when the socket cannot be made: once, and again only after it was there in between. */
  unavailable(error: AppError): void;
}

/** How long orders do not arrive, at most, after the directory with the socket was replaced. */
const LOOK_EVERY_MS = 5_000;

/** Takes orders until aborted. A socket that is lost with its directory is made again. */
export async function takeOrders(parts: TakeOrdersParts, signal: AbortSignal): Promise<void> {
  const { stateDir, actions, clock, unavailable } = parts;
  let server: ControlServer | undefined;
  let isTold = false;
  while (!signal.aborted) {
    if (server !== undefined && !(await server.isInPlace())) {
      await server.close();
      server = undefined;
    }
    try {
      server ??= await startControlServer(stateDir, actions);
      isTold = false;
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      if (!isTold) unavailable(error);
      isTold = true;
    }
    await clock.sleep(LOOK_EVERY_MS, signal);
  }
  await server?.close();
}
