import type { Clock } from "./clock.ts";
import { watchDirectory } from "./directory-events.ts";

/** The net below the file system's events, which network file systems and some containers do not deliver. */
const REREAD_MS = 10_000;
/** Editors and copies write in several steps; a file is read when none has followed for this long. */
const SETTLE_MS = 200;
const SETTLE_ROUNDS = 10;

export interface FolderWatch {
  /** Resolves when something in the folder has changed and come to rest, at the latest when it is time to look anyway. */
  changed(signal: AbortSignal): Promise<void>;
  close(): void;
}

/**
 * Watches a folder from now on. To be opened before the folder is read, so that no change falls in between, and anew for
 * each reading: a watch stays with a folder that was replaced. Where watching is impossible, the folder is read every 10 s.
 *
 * @param isIgnored by a name in the folder: whether a change of it is none. Default: of no name.
 */
export function watchFolder(
  folder: string,
  clock: Clock,
  isIgnored: (name: string) => boolean = () => false,
): FolderWatch {
  const touched = new AbortController();
  let events = 0;
  const watcher = watchDirectory(folder, (name) => {
    if (name !== undefined && isIgnored(name)) return;
    events += 1;
    if (events === 1) touched.abort("touched");
  });
  return {
    async changed(signal) {
      await clock.sleep(REREAD_MS, AbortSignal.any([signal, touched.signal]));
      for (let round = 0, seen = 0; seen !== events && round < SETTLE_ROUNDS && !signal.aborted; round += 1) {
        seen = events;
        await clock.sleep(SETTLE_MS, signal);
      }
    },
    close: () => watcher?.close(),
  };
}
