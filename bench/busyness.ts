import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

const LOOK_MS = 1_000;

/** How much of the processors others use right now, in percent, time taken by the machine's host included. */
export async function measureBusyness(): Promise<number> {
  const before = processorTimes();
  await sleep(LOOK_MS);
  const after = processorTimes();
  const all = after.all - before.all;
  return all === 0 ? 0 : Math.round(100 * (1 - (after.idle - before.idle) / all));
}

/** The first line of /proc/stat: user, nice, system, idle, iowait, irq, softirq, steal, and two that are counted before. */
function processorTimes(): { readonly all: number; readonly idle: number } {
  const [line = ""] = readFileSync("/proc/stat", "utf8").split("\n");
  const times = line.trim().split(/\s+/).slice(1, 9).map(Number);
  return { all: times.reduce((sum, ticks) => sum + ticks, 0), idle: (times[3] ?? 0) + (times[4] ?? 0) };
}
