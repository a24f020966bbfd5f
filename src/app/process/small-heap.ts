import { setFlagsFromString } from "node:v8";

/**
 * From now on V8 collects garbage more often: for a process that stays and has little to do. It costs processor time, of which a start
 * has none to spare.
 */
export function keepHeapSmall(): void {
  // By default garbage may grow to the size of the live heap before it is collected.
  setFlagsFromString("--heap-growing-percent=60");
  // Each collection also closes the gaps that garbage leaves between what lives, and some seconds after a burst V8 collects in
  // small steps by itself. It counts for the heap alone, since it is said here and not on the command line.
  setFlagsFromString("--optimize-for-size");
}
