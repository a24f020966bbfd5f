/** Whose turn it is to decode a large answer. */
export interface DecodeTurns {
  /** Resolves when it is: for one caller in each round of the event loop, in the order in which they came. */
  next(): Promise<void>;
}

/**
 * Lets what else waits have its turn between two large answers. Where the catalog changes all the time, the answers for fifty
 * nodes come in the same round, and to decode them takes as many milliseconds each as there are hundreds of registrations on a
 * node: a pass and the write of its file, which come back to the event loop some twenty times, would wait for all of them each
 * time.
 */
export function createDecodeTurns(): DecodeTurns {
  const waiting: (() => void)[] = [];
  let isGiving = false;

  function give(): void {
    waiting.shift()?.();
    isGiving = waiting.length > 0;
    if (isGiving) setImmediate(give);
  }

  return {
    next() {
      return new Promise((resolve) => {
        waiting.push(resolve);
        if (isGiving) return;
        isGiving = true;
        setImmediate(give);
      });
    },
  };
}
