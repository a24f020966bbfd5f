import { execFile } from "node:child_process";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { startCatalog } from "./catalogs/start-catalog.ts";
import type { Figures } from "./figures.ts";
import type { Options, PeerName } from "./options.ts";
import { startPortolanDaemon } from "./peers/portolan-daemon.ts";
import { children, cpuMs, residentMemory } from "./procfs.ts";
import { untilQuiet } from "./quiet.ts";
import type { PollResult } from "./results.ts";
import { say } from "./say.ts";
import type { Stage } from "./stage.ts";
import { createTeardown } from "./teardown.ts";

/** A long poll lasts 60 to 64 s; half a minute after the start begins a minute in which each ends exactly once. */
const SETTLE_MS = 30_000;
const IDLE_MS = 60_000;

/** A minute in which nothing changes: what portolan asks all the same, and what it costs. */
export async function measureIdleness(stage: Stage, figures: Figures, peer: PeerName): Promise<void> {
  const { options, signal } = stage;
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
    figures.record(peer, "all", "longPolls", longPolls);
    figures.record(peer, "all", "requests", requests);
    figures.record(peer, "all", "otherRequests", Math.max(0, requests - longPolls));
    figures.record(peer, "all", "received", after.receivedBytes - before.receivedBytes);
    figures.record(peer, "all", "cpuShare", cpuShare);
    figures.record(peer, "all", "rss", residentMemory(daemon.pid).nowMb);
    await daemon.stop();
    if (options.scheme === "https") {
      figures.record(peer, "all", "pollsShare", (100 * longPolls * (await priceOfPollMs(options))) / IDLE_MS);
    }
  } finally {
    await teardown.run();
  }
}

/** What the client alone pays for a poll that ends and is asked again, in milliseconds of processor time: bench/polls.ts. */
async function priceOfPollMs({ services, instances, scheme }: Options): Promise<number> {
  say("the price of a poll");
  const { stdout } = await promisify(execFile)(process.execPath, [
    ...["--expose-gc", "--max-semi-space-size=4", join(import.meta.dirname, "polls.ts"), "--only", "renewals"],
    ...["--polls", String(services), "--instances", String(instances), "--scheme", scheme],
  ]);
  return (JSON.parse(stdout) as PollResult).value / 1_000;
}
