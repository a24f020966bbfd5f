import { dirname } from "node:path";
import type { Clock } from "../../base/clock.ts";
import { watchDirectory } from "../../base/directory-events.ts";
import type { ChartFile } from "./chart-file.ts";

/** Where the system delivers no events, a look this often keeps the promise that the file is right again within 2 s. */
const LOOK_MS = 1_000;

/**
 * Watches the published file until aborted, and calls `changedByOthers` whenever it is not what was published: another process
 * or a person edited, replaced or deleted it, or its directory. The next publication restores it and says what it found.
 */
export async function watchChart(
  chart: Pick<ChartFile, "path" | "isAsPublished">,
  clock: Clock,
  changedByOthers: () => void,
  signal: AbortSignal,
): Promise<void> {
  let watch: { readonly touched: AbortController; readonly watcher: { close(): void } | undefined } | undefined;
  while (!signal.aborted) {
    // Opened before the look, so that nothing falls in between.
    watch ??= openWatch(dirname(chart.path));
    const { touched, watcher } = watch;
    const isAsPublished = await chart.isAsPublished();
    if (!isAsPublished) changedByOthers();
    await clock.sleep(LOOK_MS, AbortSignal.any([signal, touched.signal]));
    // The directory may be another by now, unless nothing at all has happened.
    if (isAsPublished && watcher !== undefined && !touched.signal.aborted) continue;
    watcher?.close();
    watch = undefined;
  }
  watch?.watcher?.close();
}

function openWatch(directory: string) {
  const touched = new AbortController();
  // With a reason, since an error would be made in its place, with its stack.
  return { touched, watcher: watchDirectory(directory, () => touched.abort("touched")) };
}
