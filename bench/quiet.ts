import { setTimeout as sleep } from "node:timers/promises";
import { cpuMs } from "./procfs.ts";

const LOOK_EVERY_MS = 50;
const QUIET_MS = 300;
/** What idle servers use in that time: their own housekeeping. */
const IDLE_CPU_MS = 20;
const LONGEST_WAIT_MS = 10_000;

/**
 * Waits until the processes have done next to nothing for a while, so that no change pays for the one before. Where they
 * never come to rest it goes on after ten seconds.
 */
export async function untilQuiet(pids: readonly number[], signal: AbortSignal): Promise<void> {
  const samples: number[] = [];
  const deadlineMs = performance.now() + LONGEST_WAIT_MS;
  while (performance.now() < deadlineMs) {
    signal.throwIfAborted();
    samples.push(pids.reduce((sum, pid) => sum + cpuMs(pid), 0));
    const [before] = samples.splice(0, samples.length - QUIET_MS / LOOK_EVERY_MS);
    if (before !== undefined && samples.at(-1)! - before <= IDLE_CPU_MS) return;
    await sleep(LOOK_EVERY_MS);
  }
}
