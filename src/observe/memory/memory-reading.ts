/** What the process uses of its memory right after a collection of the whole heap, and what it may use. Bytes. */
export interface MemoryReading {
  /** What lives in V8's heap. */
  readonly heapBytes: number;
  /** At this size V8 ends the process: "JavaScript heap out of memory", exit code 134. */
  readonly heapLimitBytes: number;
  /** What the kernel cannot take back from the process: all but files that it has mapped. */
  readonly processBytes: number;
  /** The limit of its control group, at which the kernel kills; absent where it has none. */
  readonly memoryLimitBytes?: number;
}

/** From this share of a limit on memory is short: a pass after a large change needs a third more for a moment. */
const SHORT_FROM = 0.75;
/** Below this share of every limit it is enough again. What one collection leaves differs from the next by less. */
const ENOUGH_BELOW = 0.65;

/** Whether memory is short now, where it was so or was not before. */
export function isMemoryShort(reading: MemoryReading, wasShort: boolean): boolean {
  return fullestShare(reading) >= (wasShort ? ENOUGH_BELOW : SHORT_FROM);
}

/** The larger of the shares of both limits. */
function fullestShare({ heapBytes, heapLimitBytes, processBytes, memoryLimitBytes = Infinity }: MemoryReading): number {
  return Math.max(heapBytes / heapLimitBytes, processBytes / memoryLimitBytes);
}

const STEP_MIB = 64;

/** The limit to set in place of the present one, in MiB: half as much again, in steps of 64. */
export function enoughMib(memoryLimitBytes: number): number {
  return Math.ceil((memoryLimitBytes * 1.5) / MIB / STEP_MIB) * STEP_MIB;
}

export const MIB = 2 ** 20;
