import { watch } from "node:fs";

/**
 * Calls back at every event in a directory, until closed, and once when the watching itself breaks. Undefined where it is
 * impossible: the directory is missing, or the system has no watches left. Network file systems and some containers
 * deliver no events, and a watch stays with a directory that was replaced, so look again now and then all the same.
 */
export function watchDirectory(directory: string, touched: () => void): { close(): void } | undefined {
  try {
    const watcher = watch(directory, { persistent: false }, touched);
    watcher.on("error", touched);
    return watcher;
  } catch {
    return undefined;
  }
}
