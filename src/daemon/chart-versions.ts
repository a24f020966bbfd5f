import type { RouteChange } from "../core/changes.ts";

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

/** What changed, in few words: `2 added, 1 emptied`. */
export function reasonOf(changes: readonly RouteChange[]): string {
  const counts = new Map<string, number>();
  for (const { kind } of changes) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  if (counts.size === 0) return "no router changed";
  return [...counts].map(([kind, count]) => `${count} ${kind === "servers" ? "with other servers" : kind}`).join(", ");
}
