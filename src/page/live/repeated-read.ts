import type { World } from "./world.ts";

/** What is shown is read again after so long, whatever is heard: ages, and what waits, change by themselves. */
const AGE_MS = 15_000;

/** One answer that is read at the start, soon after each change, and after a while without one; never twice at a time. */
export interface RepeatedRead {
  /** It is read, and goes on being read. */
  start(): void;
  /** Something has changed: it is read again, as soon as the last try is long enough ago. Nothing where it is stopped. */
  touch(): void;
  /** Reads nothing until the next `start`. */
  stop(): void;
}

/**
 * @param leastMs between the end of a try and the next
 * @param read one try, which keeps its answer or its error; never rejects
 */
export function createRepeatedRead(
  world: Pick<World, "nowMs" | "after">,
  { leastMs, read }: { readonly leastMs: number; read(): Promise<void> },
): RepeatedRead {
  let isStopped = true;
  let isReading = false;
  let isTouched = false;
  /** When the last try ended, with an answer or without. */
  let triedMs: number | undefined;
  let cancel = () => {};

  function later(waitMs: number): void {
    cancel();
    if (!isStopped) cancel = world.after(waitMs, () => void again());
  }

  async function again(): Promise<void> {
    isReading = true;
    isTouched = false;
    await read();
    isReading = false;
    triedMs = world.nowMs();
    later(isTouched ? leastMs : Math.max(AGE_MS, leastMs));
  }

  function touch(): void {
    if (isReading) isTouched = true;
    else later(triedMs === undefined ? 0 : Math.max(0, triedMs + leastMs - world.nowMs()));
  }

  return {
    start() {
      isStopped = false;
      touch();
    },
    touch,
    stop() {
      isStopped = true;
      cancel();
    },
  };
}
