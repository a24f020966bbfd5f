import { readdirSync, readFileSync } from "node:fs";

/**
 * Processor time that the threads of a process have used so far, in milliseconds, as the scheduler counts it: to the
 * nanosecond, where /proc/PID/stat counts steps of 10 ms. 0 when it has ended.
 */
export function cpuMs(pid: number): number {
  try {
    return readdirSync(`/proc/${pid}/task`)
      .map((thread) => Number.parseInt(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, "utf8"), 10) / 1e6)
      .reduce((sum, ms) => sum + ms, 0);
  } catch {
    return 0;
  }
}

/** The processes that this one has started and that still run. */
export function children(): readonly number[] {
  const pids = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
  return pids.filter((pid) => statFields(pid)[1] === String(process.pid));
}

export interface ResidentMemory {
  readonly nowMb: number;
  readonly peakMb: number;
}

/** VmRSS and VmHWM of a process, in megabytes (10^6 bytes). */
export function residentMemory(pid: number): ResidentMemory {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  const mb = (field: string) => (Number(new RegExp(`^${field}:\\s+(\\d+) kB`, "m").exec(status)?.[1]) * 1024) / 1e6;
  return { nowMb: mb("VmRSS"), peakMb: mb("VmHWM") };
}

/** proc(5), from the third field on: the second is the command's name, which may hold blanks. */
function statFields(pid: number): readonly string[] {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  } catch {
    return []; // It has ended.
  }
}
