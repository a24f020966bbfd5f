/** What is due when, the earliest first: each id once. */
export interface DueQueue {
  /** At this time from now on, and at no other. Infinite: never. */
  put(id: string, atMs: number): void;
  remove(id: string): void;
  /** Takes out up to `most` of what is due by now. */
  take(nowMs: number, most: number): readonly string[];
  /** When the next is due; infinite where none is. */
  nextAtMs(): number;
}

/** Ids that are due within the same so many milliseconds are due together, at their end. */
const STEP_MS = 10;

/** By steps of time: of thousands of ids that are due within some seconds there are some hundred steps. */
export function createDueQueue(): DueQueue {
  const stepOf = new Map<string, number>();
  const steps = new Map<number, Set<string>>();

  function remove(id: string): void {
    const step = stepOf.get(id);
    if (step === undefined) return;
    stepOf.delete(id);
    const ids = steps.get(step);
    ids?.delete(id);
    if (ids?.size === 0) steps.delete(step);
  }

  function firstStep(): number {
    let first = Number.POSITIVE_INFINITY;
    for (const step of steps.keys()) if (step < first) first = step;
    return first;
  }

  return {
    put(id, atMs) {
      const step = Math.ceil(atMs / STEP_MS);
      if (stepOf.get(id) === step) return;
      remove(id);
      if (step === Number.POSITIVE_INFINITY) return;
      stepOf.set(id, step);
      steps.set(step, (steps.get(step) ?? new Set()).add(id));
    },
    remove,
    take(nowMs, most) {
      const taken: string[] = [];
      while (taken.length < most) {
        const step = firstStep();
        const ids = step * STEP_MS <= nowMs ? steps.get(step) : undefined;
        if (ids === undefined) return taken;
        for (const id of ids) {
          if (taken.length === most) break;
          taken.push(id);
          remove(id);
        }
      }
      return taken;
    },
    nextAtMs: () => firstStep() * STEP_MS,
  };
}
