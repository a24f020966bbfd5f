import { statSync } from "node:fs";
import type { Clock } from "../../base/clock.ts";

/** Requests come by the hundred; a rotated file that is noticed a second later is early enough. */
const LOOK_EVERY_MS = 1_000;

/** Files that another process replaces now and then. */
export interface WatchedFiles {
  /** Whether one of them is another than at the last call; true at the first. Looks at most once a second. */
  haveChanged(): boolean;
}

export function watchFiles(paths: readonly string[], clock: Clock): WatchedFiles {
  let seen: string | undefined;
  let nextLookAtMs = 0;
  return {
    haveChanged() {
      const nowMs = clock.nowMs();
      // A clock that was set back must not stop us from looking.
      if (nowMs < nextLookAtMs && nextLookAtMs - nowMs <= LOOK_EVERY_MS) return false;
      nextLookAtMs = nowMs + LOOK_EVERY_MS;
      const found = paths.map(versionOf).join(" ");
      if (found === seen) return false;
      seen = found;
      return true;
    },
  };
}

/** A rewrite changes the times, a rename or a turned link the inode. */
function versionOf(path: string): string {
  try {
    const { dev, ino, size, mtimeNs, ctimeNs } = statSync(path, { bigint: true });
    return `${dev}:${ino}:${size}:${mtimeNs}:${ctimeNs}`;
  } catch {
    return "unreadable";
  }
}
