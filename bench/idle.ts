import { setTimeout as sleep } from "node:timers/promises";
import { startCatalog } from "./catalogs/start-catalog.ts";
import type { Figures } from "./figures.ts";
import { startPortolanDaemon } from "./peers/portolan-daemon.ts";
import { children, cpuMs, residentMemory } from "./procfs.ts";
import { untilQuiet } from "./quiet.ts";
import { say } from "./say.ts";
import type { Stage } from "./stage.ts";
import { createTeardown } from "./teardown.ts";

/** A long poll lasts 60 to 64 s; half a minute after the start begins a minute in which each ends exactly once. */
const SETTLE_MS = 30_000;
const IDLE_MS = 60_000;

/** A minute in which nothing changes: what portolan asks all the same, and what it costs. */
export async function measureIdleness(stage: Stage, figures: Figures): Promise<void> {
  const { signal } = stage;
  const teardown = createTeardown();
  try {
    const catalog = await startCatalog(stage);
    teardown.add(catalog.stop);
    const daemon = await startPortolanDaemon(catalog, stage);
    teardown.add(daemon.stop);
    say(`settling for ${SETTLE_MS / 1_000} s`);
    await sleep(SETTLE_MS, undefined, { signal });
    const longPolls = await daemon.metric("portolan_source_open_requests");
    await untilQuiet(children(), signal);

    const before = await catalog.traffic();
    const cpuBeforeMs = cpuMs(daemon.pid);
    say(`idle for ${IDLE_MS / 1_000} s`);
    await sleep(IDLE_MS, undefined, { signal });
    const cpuShare = (100 * (cpuMs(daemon.pid) - cpuBeforeMs)) / IDLE_MS;
    const after = await catalog.traffic();

    const requests = after.requests - before.requests;
    figures.record("portolan", "all", "longPolls", longPolls);
    figures.record("portolan", "all", "requests", requests);
    figures.record("portolan", "all", "otherRequests", Math.max(0, requests - longPolls));
    figures.record("portolan", "all", "received", after.receivedBytes - before.receivedBytes);
    figures.record("portolan", "all", "cpuShare", cpuShare);
    figures.record("portolan", "all", "rss", residentMemory(daemon.pid).nowMb);
  } finally {
    await teardown.run();
  }
}
