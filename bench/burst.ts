import { readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { until } from "../test/support/await-until.ts";
import { startCatalog } from "./catalogs/start-catalog.ts";
import type { Figures } from "./figures.ts";
import type { PeerName } from "./options.ts";
import { startPortolanDaemon } from "./peers/portolan-daemon.ts";
import { watchRenames } from "./probe.ts";
import { children, cpuMs, residentMemory } from "./procfs.ts";
import { untilQuiet } from "./quiet.ts";
import { say } from "./say.ts";
import type { Stage } from "./stage.ts";
import { createTeardown } from "./teardown.ts";
import { createWorld, type Instance } from "./world.ts";

const REGISTRATIONS = 10_000;
const BURST_MS = 20_000;
/** Registrations in flight at a time: Consul needs a few milliseconds for each. */
const WRITERS = 16;

/** Ten thousand registrations in twenty seconds, each a request of its own, beside the world that is there. */
export async function measureBurst(stage: Stage, figures: Figures, peer: PeerName): Promise<void> {
  const { options, ports, signal } = stage;
  const record = (metric: Parameters<Figures["record"]>[2], value: number) =>
    figures.record(peer, "all", metric, value);
  const teardown = createTeardown();
  try {
    const catalog = await startCatalog(stage);
    teardown.add(catalog.stop);
    const daemon = await startPortolanDaemon(catalog, stage);
    teardown.add(daemon.stop);
    await untilQuiet(children(), signal);

    const services = Math.ceil(REGISTRATIONS / options.instances);
    const newcomers = createWorld({ ...options, services, ports, prefix: "burst" }).slice(0, REGISTRATIONS);
    const before = await catalog.traffic();
    const cpuBeforeMs = cpuMs(daemon.pid);
    await daemon.metric(LONGEST_DELAY); // Reading it begins a new measurement.
    const renames = watchRenames(daemon.chartPath);
    teardown.add(() => Promise.resolve(renames.stop()));

    say(`${REGISTRATIONS} registrations in ${BURST_MS / 1_000} s`);
    const startMs = performance.now();
    await registerEvenly(newcomers, catalog.register, signal);
    const endMs = performance.now();
    await until(() => signal.aborted || isUpToDate(daemon.chartPath, newcomers), {
      timeoutMs: 60_000,
      what: "a chart with all that was registered",
      everyMs: 500,
    });
    await untilQuiet(children(), signal);

    const delayMs = (await daemon.metric(LONGEST_DELAY)) * 1_000;
    const after = await catalog.traffic();
    record("registered", (endMs - startMs) / 1_000);
    record("charts", renames.renamedAtMs.length);
    record("chartsASecond", ratePerSecond(renames.renamedAtMs));
    record("upToDate", (renames.renamedAtMs.at(-1) ?? Number.NaN) - endMs);
    record("blocked", delayMs);
    record("requests", after.requests - before.requests);
    record("received", after.receivedBytes - before.receivedBytes);
    record("connections", after.mostConnections);
    record("cpu", cpuMs(daemon.pid) - cpuBeforeMs);
    record("rssPeak", residentMemory(daemon.pid).peakMb);
    record("differs", (await readFile(daemon.chartPath, "utf8")) === (await daemon.chartOfOnce()) ? 0 : 1);
  } finally {
    await teardown.run();
  }
}

/** Node's own, by prom-client: the longest time between two looks at the event loop, which should come every 50 ms. */
const LONGEST_DELAY = "nodejs_eventloop_lag_max_seconds";

/** Spreads the registrations over the time; where the catalog is slower than that, it goes as fast as it can. */
async function registerEvenly(
  instances: readonly Instance[],
  register: (instance: Instance) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  const startMs = performance.now();
  const waiting = instances.entries();
  async function registerSome(): Promise<void> {
    for (const [position, instance] of waiting) {
      const dueMs = startMs + (position / instances.length) * BURST_MS;
      await sleep(Math.max(0, dueMs - performance.now()), undefined, { signal });
      await register(instance);
    }
  }
  await Promise.all(Array.from({ length: WRITERS }, registerSome));
}

async function isUpToDate(chartPath: string, registered: readonly Instance[]): Promise<boolean> {
  const found = new Set((await readFile(chartPath, "utf8")).match(/burst-\d+/g));
  return found.size === new Set(registered.map(({ service }) => service)).size;
}

/** The mean over the time from the first to the last. */
function ratePerSecond(timesMs: readonly number[]): number {
  const seconds = ((timesMs.at(-1) ?? 0) - (timesMs[0] ?? 0)) / 1_000;
  return seconds === 0 ? 0 : (timesMs.length - 1) / seconds;
}
