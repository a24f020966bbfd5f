import type { AllocationHint, AllocationHintListener } from "../../catalog/allocation-hint.ts";

/** More than so many at once are no hint any more: everything is to be looked at. */
const MOST_HINTS = 10_000;

/** Gathers hints on allocations and gives them to those who listen, all that came in one go at once. */
export interface AllocationHints {
  /** @param index of the write that the hint is about */
  allocation(id: string, index: bigint): void;
  /** @param job `NAMESPACE/JOB` */
  deployment(job: string): void;
  anything(): void;
  /** Returns how to end that. */
  onHint(listener: AllocationHintListener): () => void;
}

export function createAllocationHints(): AllocationHints {
  const listeners = new Set<AllocationHintListener>();
  let gathered: { allocations: Map<string, bigint>; deployments: Set<string>; isAnything: boolean } | undefined;

  function gather(): NonNullable<typeof gathered> {
    if (gathered === undefined) setImmediate(tell);
    gathered ??= { allocations: new Map(), deployments: new Set(), isAnything: false };
    return gathered;
  }

  function tell(): void {
    const hint: AllocationHint | undefined = gathered;
    gathered = undefined;
    if (hint !== undefined) for (const listener of [...listeners]) listener(hint);
  }

  function add(kind: "allocations" | "deployments", note: (hint: NonNullable<typeof gathered>) => void): void {
    if (listeners.size === 0) return;
    const hint = gather();
    if (hint[kind].size < MOST_HINTS) note(hint);
    else hint.isAnything = true;
  }

  return {
    allocation: (id, index) =>
      add("allocations", ({ allocations }) => {
        const known = allocations.get(id);
        if (known === undefined || known < index) allocations.set(id, index);
      }),
    deployment: (job) => add("deployments", ({ deployments }) => deployments.add(job)),
    anything() {
      if (listeners.size > 0) gather().isAnything = true;
    },
    onHint(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
