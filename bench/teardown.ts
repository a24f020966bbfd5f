/** What has been started and must be ended, the last first. */
export interface Teardown {
  add(end: () => Promise<void>): void;
  /** Ends everything that was added; one that fails does not keep the others from it. */
  run(): Promise<void>;
}

export function createTeardown(): Teardown {
  const steps: (() => Promise<void>)[] = [];
  return {
    add: (end) => void steps.push(end),
    async run() {
      const failures: unknown[] = [];
      for (let step = steps.pop(); step !== undefined; step = steps.pop()) {
        await step().catch((error: unknown) => failures.push(error));
      }
      if (failures.length > 0) throw new AggregateError(failures, "not everything could be ended");
    },
  };
}

/** Builds something out of parts that must be ended; where it fails half-way, those that were started are. */
export async function startWithTeardown<T>(start: (teardown: Teardown) => Promise<T>): Promise<T> {
  const teardown = createTeardown();
  try {
    return await start(teardown);
  } catch (error) {
    await teardown.run();
    throw error;
  }
}
