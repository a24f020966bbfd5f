import { readFileSync } from "node:fs";
import { ticksOfDescendants } from "./procfs.ts";

/**
 * Begins to watch what others do with the processors. What comes back tells how much of them others have used since, in
 * percent, time taken by the machine's host included: all but this process and those that it has started. These must be
 * running still, or have been waited for.
 */
export function watchOthers(): () => number {
  const before = look();
  return () => {
    const after = look();
    const all = after.all - before.all;
    const others = after.busy - before.busy - (after.own - before.own);
    return all === 0 ? 0 : Math.max(0, Math.round((100 * others) / all));
  };
}

interface Look {
  /** Of all processors, in ticks. */
  readonly all: number;
  readonly busy: number;
  readonly own: number;
}

/** The first line of /proc/stat: user, nice, system, idle, iowait, irq, softirq, steal, and two that are counted before. */
function look(): Look {
  const [line = ""] = readFileSync("/proc/stat", "utf8").split("\n");
  const times = line.trim().split(/\s+/).slice(1, 9).map(Number);
  const [user = 0, nice = 0, system = 0, , , , , steal = 0] = times;
  // Interrupts belong to none, and on a machine of one's own to who is measured.
  const busy = user + nice + system + steal;
  return { all: times.reduce((sum, ticks) => sum + ticks, 0), busy, own: ticksOfDescendants() };
}
