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
  return pids.filter((pid) => statFields(pid)[PARENT] === String(process.pid));
}

/**
 * Processor time of this process, of all that descend from it, and of those among them that have ended and were waited
 * for, in ticks of the scheduler (10 ms).
 */
export function ticksOfDescendants(): number {
  const fields = new Map(
    readdirSync("/proc")
      .filter((name) => /^\d+$/.test(name))
      .map((name) => [Number(name), statFields(Number(name))] as const),
  );
  function isOwn(pid: number): boolean {
    const parent = Number(fields.get(pid)?.[PARENT] ?? 0);
    return pid === process.pid || (parent > 1 && isOwn(parent));
  }
  return [...fields]
    .filter(([pid]) => isOwn(pid))
    .flatMap(([, stat]) => stat.slice(FIRST_TIME, FIRST_TIME + TIMES).map(Number))
    .reduce((sum, ticks) => sum + ticks, 0);
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

/** Where proc(5)'s ppid, utime, stime, cutime and cstime are among the fields below. */
const PARENT = 1;
const FIRST_TIME = 11;
const TIMES = 4;

/** proc(5), from the third field on: the second is the command's name, which may hold blanks. */
function statFields(pid: number): readonly string[] {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  } catch {
    return []; // It has ended.
  }
}
