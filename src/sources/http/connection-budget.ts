/** Counted permits for requests in flight. */
export interface ConnectionBudget {
  /** Connections at a time. */
  readonly size: number;
  /** Requests at a time: over plain HTTP/1.1 each long poll occupies a connection, over HTTP/2 hundreds share one. */
  readonly capacity: number;
  readonly inUse: number;
  /** Runs `work` while holding a permit; waits for one where none is free. */
  spend<T>(work: () => Promise<T>): Promise<T>;
}

/** @param requestsPerConnection asked at each use, since only a connection tells which protocol it speaks */
export function createConnectionBudget(size: number, requestsPerConnection: () => number = () => 1): ConnectionBudget {
  let inUse = 0;
  const waiting: Array<() => void> = [];
  const capacity = () => size * requestsPerConnection();

  function admit(): void {
    while (waiting.length > 0 && inUse < capacity()) {
      inUse += 1;
      waiting.shift()?.();
    }
  }

  return {
    size,
    get capacity() {
      return capacity();
    },
    get inUse() {
      return inUse;
    },
    async spend(work) {
      await new Promise<void>((resolve) => {
        waiting.push(resolve);
        admit();
      });
      try {
        return await work();
      } finally {
        inUse -= 1;
        admit();
      }
    },
  };
}
