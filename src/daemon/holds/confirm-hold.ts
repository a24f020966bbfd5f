import type { Clock } from "../../base/clock.ts";
import { AppError } from "../../base/errors.ts";
import type { Hold } from "../../core/removals/hold.ts";
import { rulesOf } from "../../core/removals/hold.ts";
import type { DaemonObserver } from "../../observe/observer.ts";
import type { DaemonCatalog, DaemonSource } from "../followed-catalog.ts";
import { sameHold } from "./hold-changes.ts";

export interface ConfirmHoldParts {
  readonly clock: Clock;
  readonly observer: Pick<DaemonObserver, "confirmFailed">;
  /** How long a failed read waits for the next attempt. */
  readonly retryMs: number;
  /** Whether the hold goes on. */
  isHeld(hold: Hold): boolean;
}

/** Begins to confirm the holds that are new since the last pass and need it, each by its own catalog, until aborted. */
export function confirmNewHolds(
  { before, after }: { readonly before: readonly Hold[]; readonly after: readonly Hold[] },
  { catalogs, ...parts }: ConfirmHoldParts & { readonly catalogs: readonly Pick<DaemonCatalog, "name" | "source">[] },
  signal: AbortSignal,
): void {
  for (const hold of after) {
    if (!rulesOf(hold).isConfirmedByRead || hold.sinceMs === sameHold(before, hold)?.sinceMs) continue;
    const source = catalogs.find(({ name }) => name === hold.catalogName)?.source;
    if (source === undefined) throw new Error(`no catalog is called ${hold.catalogName}`);
    void confirmHold(hold, { ...parts, source }, signal);
  }
}

/**
 * Reads everything of the hold's catalog again at once, which corrects an answer that was wrong for a moment, and at the
 * end of the hold, which decides. The watch alone would not do: a catalog that gave wrong answers wakes no long poll when
 * it gives the right ones again, for instance when its token has its policy back.
 */
async function confirmHold(
  hold: Hold,
  { source, clock, observer, retryMs, isHeld }: ConfirmHoldParts & { readonly source: Pick<DaemonSource, "confirm"> },
  signal: AbortSignal,
): Promise<void> {
  const { catalogName, sinceMs, endsAtMs = sinceMs } = hold;
  while (!signal.aborted && isHeld(hold)) {
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
