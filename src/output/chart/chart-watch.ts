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
  while (!signal.aborted) {
    const touched = new AbortController();
    // Opened before the look, so that nothing falls in between, and anew each time, since the directory may be another.
    const watcher = watchDirectory(dirname(chart.path), () => touched.abort());
    if (!(await chart.isAsPublished())) changedByOthers();
    await clock.sleep(LOOK_MS, AbortSignal.any([signal, touched.signal]));
    watcher?.close();
  }
}
