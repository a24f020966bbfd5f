import type { Clock } from "../base/clock.ts";
import { AppError } from "../base/errors.ts";
import type { Hold } from "../core/removals/hold.ts";
import type { DaemonObserver } from "../observe/observer.ts";
import type { DaemonSource } from "./catalog-snapshot.ts";

export interface ConfirmHoldOptions {
  readonly source: Pick<DaemonSource, "confirm">;
  readonly clock: Clock;
  readonly observer: Pick<DaemonObserver, "confirmFailed">;
  /** How long a failed read waits for the next try. */
  readonly retryMs: number;
  isHeld(): boolean;
}

/**
 * Reads everything of the hold's catalog again at once, which mends a passing lie, and at the end of the hold, which
 * decides. A catalog that lied wakes no long poll when it is itself again: one whose token has its policy back, for
 * instance.
 */
export async function confirmHold(
  { catalogName, sinceMs, endsAtMs = sinceMs }: Hold,
  { source, clock, observer, retryMs, isHeld }: ConfirmHoldOptions,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted && isHeld()) {
    const isLast = clock.nowMs() >= endsAtMs;
    try {
      await source.confirm(signal);
      if (isLast) return;
      await clock.sleep(endsAtMs - clock.nowMs(), signal);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      if (!signal.aborted) observer.confirmFailed(error, catalogName);
      await clock.sleep(retryMs, signal);
    }
  }
}
