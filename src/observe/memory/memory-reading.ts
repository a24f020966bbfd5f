/** What the process uses of its memory right after a collection, and what it may use. Bytes. */
export interface MemoryReading {
  /** What lived in V8's heap after the last collection of all of it. */
  readonly heapBytes: number;
  /** At this size V8 ends the process: "JavaScript heap out of memory", exit code 134. */
  readonly heapLimitBytes: number;
  /** What the kernel cannot take back from the process: all but files that it has mapped. */
  readonly processBytes: number;
  /** The limit of its control group, at which the kernel kills; absent where it has none. */
  readonly memoryLimitBytes?: number;
}

/** From this share of what the heap may have on, by what lives in it: a pass after a large change needs a third more for a moment. */
const HEAP_SHORT_FROM = 0.75;
/** By what the process holds, garbage included. A heap at its limit and what is usual beside it stay below. */
const PROCESS_SHORT_FROM = 0.85;
/** So much below both it is enough again. What one collection leaves differs from the next by less. */
const APART = 0.1;

/** Whether memory is short now, where it was so or was not before. */
export function isMemoryShort(reading: MemoryReading, wasShort: boolean): boolean {
  const { heapBytes, heapLimitBytes, processBytes, memoryLimitBytes = Infinity } = reading;
  const apart = wasShort ? APART : 0;
  return (
    heapBytes / heapLimitBytes >= HEAP_SHORT_FROM - apart ||
    processBytes / memoryLimitBytes >= PROCESS_SHORT_FROM - apart
  );
}

const STEP_MIB = 64;

/** The limit to set in place of the present one, in MiB: half as much again, in steps of 64. */
export function enoughMib(memoryLimitBytes: number): number {
  return Math.ceil((memoryLimitBytes * 1.5) / MIB / STEP_MIB) * STEP_MIB;
}

export const MIB = 2 ** 20;
