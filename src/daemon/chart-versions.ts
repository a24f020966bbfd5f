import { AppError } from "../base/errors.ts";
import type { Decision } from "../core/decision.ts";
import type { DaemonObserver } from "../observe/observer.ts";
import { type VersionChanges, versionChanges } from "./version-changes.ts";

/** A chart that was published once. */
export interface ChartVersion {
  /** Counts up from 1; no number is used twice. */
  readonly number: number;
  readonly publishedAtMs: number;
  /** The first 16 digits of the text's SHA-256, as in the log and the status. */
  readonly hash: string;
  /** What changed with it. */
  readonly reason: string;
}

/** Published charts: the last ones, and some of the days before. Throws AppError where the disk cannot be used. */
export interface ChartVersions {
  /** @param changes what it serves otherwise than the version before it */
  keep(text: string, changes: VersionChanges, nowMs: number): Promise<void>;
  /** The newest first; a damaged one is left out. */
  list(): Promise<readonly ChartVersion[]>;
  /** Undefined where that version is not kept (any more), or its file is damaged. */
  text(number: number): Promise<string | undefined>;
}

/** Keeps the chart of a decision; where that fails it is reported, since the chart itself is published already. */
export async function keepVersion(
  { text, changes }: Pick<Decision, "text" | "changes">,
  {
    versions,
    observer,
    nowMs,
  }: {
    readonly versions: ChartVersions;
    readonly observer: Pick<DaemonObserver, "stateUnsaved">;
    readonly nowMs: number;
  },
): Promise<void> {
  try {
    await versions.keep(text, versionChanges(changes), nowMs);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    observer.stateUnsaved(error);
  }
}
