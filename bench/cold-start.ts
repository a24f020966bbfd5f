import { readFile } from "node:fs/promises";
import { startCatalog } from "./catalogs/start-catalog.ts";
import type { Figures } from "./figures.ts";
import { startPortolanDaemon } from "./peers/portolan-daemon.ts";
import { residentMemory } from "./procfs.ts";
import { say } from "./say.ts";
import type { Stage } from "./stage.ts";

/** From the start of the process, with nothing on disk, to the first chart, which must be the whole of it. */
export async function measureColdStarts(stage: Stage, figures: Figures): Promise<void> {
  const { options, world, signal } = stage;
  const catalog = await startCatalog(stage);
  try {
    for (let round = 0; round < options.changes; round += 1) {
      say(`start ${round + 1} of ${options.changes}`);
      signal.throwIfAborted();
      const before = await catalog.traffic();
      const daemon = await startPortolanDaemon(catalog, stage);
      const chartMs = performance.now() - daemon.startedAtMs;
      try {
        const chart = await readFile(daemon.chartPath, "utf8");
        const missing = world.find(({ service }) => !chart.includes(`"${service}"`));
        if (missing !== undefined) throw new Error(`the first chart lacks ${missing.service}`);
        const after = await catalog.traffic();
        figures.record("portolan", "all", "firstChart", chartMs);
        figures.record("portolan", "all", "requests", after.requests - before.requests);
        figures.record("portolan", "all", "received", after.receivedBytes - before.receivedBytes);
        figures.record("portolan", "all", "rssPeak", residentMemory(daemon.pid).peakMb);
      } finally {
        await daemon.stop();
      }
    }
    figures.record("portolan", "all", "connections", (await catalog.traffic()).mostConnections);
  } finally {
    await catalog.stop();
  }
}
