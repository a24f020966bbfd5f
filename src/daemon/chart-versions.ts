import { AppError } from "../base/errors.ts";
import type { RouteChange } from "../core/changes/route-change.ts";
import type { Decision } from "../core/decision.ts";
import type { DaemonObserver } from "../observe/observer.ts";

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

/** The last published charts. Throws AppError where the disk cannot be used. */
export interface ChartVersions {
  keep(text: string, reason: string, nowMs: number): Promise<void>;
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
    await versions.keep(text, changesInWords(changes), nowMs);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    observer.stateUnsaved(error);
  }
}

/** What changed, in few words: `2 added, 1 emptied`. */
function changesInWords(changes: readonly RouteChange[]): string {
  const counts = new Map<string, number>();
  for (const { kind } of changes) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  if (counts.size === 0) return "no router changed";
  return [...counts].map(([kind, count]) => `${count} ${kind === "servers" ? "with other servers" : kind}`).join(", ");
}
