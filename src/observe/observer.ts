import type { Hold } from "../core/memory.ts";
import type { Decision } from "../core/reconcile.ts";
import type { Slice } from "../core/snapshot.ts";
import type { AppError } from "../errors.ts";

/** What the daemon tells while it works. Calls must not throw. */
export interface DaemonObserver {
  /** What was found at the start: the chart on disk and the stored slices. */
  adopted(found: { readonly routers: number | undefined; readonly storedSlices: readonly Slice[] }): void;
  setAside(reason: string, movedTo: string): void;
  /** A pass has ended and the file says what it should. */
  charted(pass: {
    readonly decision: Decision;
    readonly slices: readonly Slice[];
    readonly didWrite: boolean;
    readonly warning: string | undefined;
    /** From the first change that led to this pass to the file's rename. */
    readonly lagMs: number;
  }): void;
  /** Routers are held that were not held before. */
  held(hold: Hold): void;
  released(hold: Hold): void;
  /** The file, or the state, could not be written; the old one stays, and it is tried again. */
  unwritable(error: AppError, retryInMs: number): void;
  stateUnsaved(error: AppError): void;
  confirmFailed(error: AppError, catalogName: string | undefined): void;
}
