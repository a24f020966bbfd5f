import { watch } from "node:fs";

/**
 * Calls back at every event in a directory, until closed, with the name in it that the event is about, where the system tells
 * one; and once, without a name, when the watching itself breaks. Undefined where it is impossible: the directory is missing, or the system has no watches left. Network file systems and some containers
 * deliver no events, and a watch stays with a directory that was replaced, so look again now and then all the same.
 */
export function watchDirectory(directory: string, touched: (name?: string) => void): { close(): void } | undefined {
  try {
    const watcher = watch(directory, { persistent: false }, (_, name) => touched(name ?? undefined));
    watcher.on("error", () => touched());
    return watcher;
  } catch {
    return undefined;
  }
}
