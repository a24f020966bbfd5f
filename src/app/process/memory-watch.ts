import { readFileSync } from "node:fs";
import { totalmem } from "node:os";
import { constants, type PerformanceEntry, PerformanceObserver } from "node:perf_hooks";
import { getHeapStatistics } from "node:v8";
import type { MemoryReading } from "../../observe/memory/memory-reading.ts";

/**
 * Gives a reading after each collection: of what the process holds, and, if it was one of the whole heap, of what lives in it. V8
 * collects the more often the nearer its limit is, so that what grows is seen before; a process that allocates nothing costs nothing.
 *
 * @returns ends it
 */
export function watchMemory(read: (reading: MemoryReading) => void): () => void {
  let heapBytes = 0;
  const observer = new PerformanceObserver((list) => {
    if (list.getEntries().some(isOfWholeHeap)) heapBytes = getHeapStatistics().used_heap_size;
    read(memoryReading(heapBytes));
  });
  observer.observe({ entryTypes: ["gc"] });
  return () => observer.disconnect();
}

function isOfWholeHeap(entry: PerformanceEntry): boolean {
  const detail: unknown = Reflect.get(entry, "detail");
  const kind: unknown = typeof detail === "object" && detail !== null ? Reflect.get(detail, "kind") : undefined;
  return kind === constants.NODE_PERFORMANCE_GC_MAJOR;
}

function memoryReading(heapBytes: number): MemoryReading {
  const { heap_size_limit: heapLimitBytes } = getHeapStatistics();
  // Node takes it from the control group, version 1 or 2; without a limit it is 0, or larger than any machine.
  const memoryLimitBytes = process.constrainedMemory();
  const isLimited = memoryLimitBytes > 0 && memoryLimitBytes < totalmem();
  return {
    ...{ heapBytes, heapLimitBytes },
    processBytes: anonymousBytes(),
    ...(isLimited ? { memoryLimitBytes } : {}),
  };
}

/** Pages of no file: the kernel has nowhere to put them where there is no swap. https://man7.org/linux/man-pages/man5/proc_pid_status.5.html */
function anonymousBytes(): number {
  try {
    const [, kib] = /^RssAnon:\s+(\d+) kB$/m.exec(readFileSync("/proc/self/status", "utf8")) ?? [];
    if (kib !== undefined) return Number(kib) * 1_024;
  } catch {
    // No Linux, or no /proc.
  }
  return process.memoryUsage.rss();
}
