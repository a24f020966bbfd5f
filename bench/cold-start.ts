import { readFile } from "node:fs/promises";
import { startCatalog } from "./catalogs/start-catalog.ts";
import type { Figures } from "./figures.ts";
import type { PeerName } from "./options.ts";
import { type PortolanDaemon, startPortolanDaemon } from "./peers/portolan-daemon.ts";
import { residentMemory } from "./procfs.ts";
import { say } from "./say.ts";
import type { Stage } from "./stage.ts";

/**
 * From the start of the process, with nothing on disk, to the first chart, which must be the whole of it; and from the next
 * start of it to its word that this chart is what the catalog says. Each cold start has a catalog of its own: one that has
 * just been left may still count the connections of the process before.
 */
export async function measureStarts(stage: Stage, figures: Figures, peer: PeerName): Promise<void> {
  for (let round = 0; round < stage.options.changes; round += 1) {
    say(`start ${round + 1} of ${stage.options.changes}`);
    stage.signal.throwIfAborted();
    const catalog = await startCatalog(stage);
    try {
      const before = await catalog.traffic();
      const daemon = await startPortolanDaemon(catalog, stage);
      const chartMs = performance.now() - daemon.startedAtMs;
      try {
        const chart = await wholeChart(daemon, stage);
        const after = await catalog.traffic();
        figures.record(peer, "all", "firstChart", chartMs);
        figures.record(peer, "all", "requests", after.requests - before.requests);
        figures.record(peer, "all", "received", after.receivedBytes - before.receivedBytes);
        figures.record(peer, "all", "rssPeak", residentMemory(daemon.pid).peakMb);
        figures.record(peer, "all", "connections", after.mostConnections);
        await daemon.restart();
        const confirmedMs = await untilConfirmed(daemon, stage);
        if ((await wholeChart(daemon, stage)) !== chart) throw new Error("the warm start wrote another chart");
        figures.record(peer, "all", "confirmed", confirmedMs);
        figures.record(peer, "all", "ready", await untilReady(daemon, stage));
      } finally {
        await daemon.stop();
      }
    } finally {
      await catalog.stop();
    }
  }
}

async function wholeChart({ chartPath }: PortolanDaemon, { world }: Stage): Promise<string> {
  const chart = await readFile(chartPath, "utf8");
  const missing = world.find(({ service }) => !chart.includes(`"${service}"`));
  if (missing !== undefined) throw new Error(`the chart lacks ${missing.service}`);
  return chart;
}

/** Until the chart on disk has been held against what was last known: milliseconds since the start of the process. */
function untilConfirmed(daemon: PortolanDaemon, stage: Stage): Promise<number> {
  return untilTold(daemon, stage, async () => {
    const answer = await daemon.ask("/v1/status");
    const { chart } = JSON.parse(await answer.text()) as { readonly chart: { readonly hash: string | null } };
    return chart.hash !== null;
  });
}

/** Until the chart has been held against what the catalog says now. */
function untilReady(daemon: PortolanDaemon, stage: Stage): Promise<number> {
  return untilTold(daemon, stage, async () => (await daemon.ask("/readyz")).status === 200);
}

async function untilTold(daemon: PortolanDaemon, { signal }: Stage, isTold: () => Promise<boolean>): Promise<number> {
  for (;;) {
    signal.throwIfAborted();
    // Nothing listens in the beginning.
    if (await isTold().catch(() => false)) return performance.now() - daemon.startedAtMs;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
