import { readdirSync, readFileSync } from "node:fs";

/** Linux counts CPU time in hundredths of a second, whatever its timer's rate. */
const TICK_MS = 10;

/** Processor time that a process has used so far, user and system, in milliseconds; 0 when it has ended. */
export function cpuMs(pid: number): number {
  const fields = statFields(pid);
  return (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) * TICK_MS;
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
