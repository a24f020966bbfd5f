import type { AppError } from "../base/errors.ts";
import type { CatalogSnapshot } from "../core/catalog/snapshot.ts";
import type { Decision } from "../core/decision.ts";
import type { DynamicRange } from "../core/ports/dynamic-range.ts";
import type { Hold } from "../core/removals/hold.ts";
import type { RollbackStanding } from "./chart-status.ts";

/** How a publication went, and what was found at it. */
export interface PublishedChart {
  readonly didWrite: boolean;
  /** The text is published, but the operator has to act before Traefik can read it. */
  readonly warning?: string;
  /** What somebody else had done to the file. */
  readonly externalChange?: "edited" | "deleted";
  /** The file's directory is another one than before. */
  readonly isUnwatched?: true;
}

/** What the daemon tells while it works. Calls must not throw. */
export interface DaemonObserver {
  /** What was found at the start: the chart on disk and the stored slices. */
  adopted(found: { readonly routers: number | undefined; readonly storedSnapshots: readonly CatalogSnapshot[] }): void;
  setAside(reason: string, movedTo: string): void;
  /** A state was read, and there is something to know about how it was found. */
  stateNoted(note: string): void;
  /** A pass has ended and the file says what it should. */
  charted(pass: {
    readonly decision: Decision;
    readonly snapshots: readonly CatalogSnapshot[];
    readonly published: PublishedChart;
    /** From the first change that led to this pass to the file's rename. */
    readonly lagMs: number;
    /** The chart is an earlier one, and so many changes wait for its release. */
    readonly rollback?: RollbackStanding;
  }): void;
  /** A person has published an earlier chart again; told after a restart, too. */
  rolledBack(rollback: Pick<RollbackStanding, "number" | "sinceMs">): void;
  rollbackEnded(number: number): void;
  /** Routers are held that were not held before. */
  held(hold: Hold): void;
  /** Nothing of its catalog is held any more, or a person believed what the hold doubted; one that goes on for another reason is told as held. */
  released(hold: Hold, isByHand: boolean): void;
  /** The file, or the state, could not be written; the old one stays, and it is tried again. */
  unwritable(error: AppError, retryInMs: number): void;
  stateUnsaved(error: AppError): void;
  confirmFailed(error: AppError, catalogName: string | undefined): void;
}

/** What is told about the ports that the scheduler hands out. Calls must not throw. */
export interface PortsObserver {
  /** Another range counts, or Nomad tells it again. */
  dynamicRange(range: DynamicRange): void;
  /** A Nomad does not tell, for another reason than before; the range is what counts meanwhile. */
  rangeUntold(nomad: string, error: AppError, range: DynamicRange): void;
}
