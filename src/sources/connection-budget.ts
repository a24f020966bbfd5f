/** Counted permits for requests in flight: each long poll over plain HTTP/1.1 occupies a connection of its own. */
export interface ConnectionBudget {
  readonly size: number;
  readonly inUse: number;
  /** Runs `work` while holding a permit; waits for one where none is free. */
  spend<T>(work: () => Promise<T>): Promise<T>;
}

export function createConnectionBudget(size: number): ConnectionBudget {
  let inUse = 0;
  const waiting: Array<() => void> = [];
  return {
    size,
    get inUse() {
      return inUse;
    },
    async spend(work) {
      if (inUse < size) inUse += 1;
      else await new Promise<void>((resolve) => waiting.push(resolve));
      try {
        return await work();
      } finally {
        const next = waiting.shift();
        if (next === undefined) inUse -= 1;
        else next();
      }
    },
  };
}
