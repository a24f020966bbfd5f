import { dirname } from "node:path";
import type { Clock } from "../../base/clock.ts";
import { watchDirectory } from "../../base/directory-events.ts";
import type { ChartFile } from "./chart-file.ts";

/** Where no events come, a look this often keeps the promise that the file is right again within 2 s. */
const LOOK_MS = 1_000;

/**
 * Tells until aborted when the published file is not what was published: somebody edited, replaced or deleted it, or its
 * directory. The next publication puts it right and says what it found.
 */
export async function watchChart(
  chart: Pick<ChartFile, "path" | "isAsPublished">,
  clock: Clock,
  meddledWith: () => void,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    const touched = new AbortController();
    // Opened before the look, so that nothing falls in between, and anew each time, since the directory may be another.
    const watcher = watchDirectory(dirname(chart.path), () => touched.abort());
    if (!(await chart.isAsPublished())) meddledWith();
    await clock.sleep(LOOK_MS, AbortSignal.any([signal, touched.signal]));
    watcher?.close();
  }
}
