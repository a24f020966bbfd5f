import type { AllocationHint, AllocationHintListener } from "../../catalog/allocation-hint.ts";

/** More than so many at once are no hint any more: everything is to be looked at. */
const MOST_HINTS = 10_000;

/** Gathers hints on allocations and gives them to those who listen, all that came in one go at once. */
export interface AllocationHints {
  allocation(id: string): void;
  /** @param job `NAMESPACE/JOB` */
  deployment(job: string): void;
  anything(): void;
  /** Returns how to end that. */
  onHint(listener: AllocationHintListener): () => void;
}

export function createAllocationHints(): AllocationHints {
  const listeners = new Set<AllocationHintListener>();
  let gathered: { allocations: Set<string>; deployments: Set<string>; isAnything: boolean } | undefined;

  function gather(): NonNullable<typeof gathered> {
    if (gathered === undefined) setImmediate(tell);
    gathered ??= { allocations: new Set(), deployments: new Set(), isAnything: false };
    return gathered;
  }

  function tell(): void {
    const hint: AllocationHint | undefined = gathered;
    gathered = undefined;
    if (hint !== undefined) for (const listener of [...listeners]) listener(hint);
  }

  function add(kind: "allocations" | "deployments", name: string): void {
    if (listeners.size === 0) return;
    const hint = gather();
    if (hint[kind].size < MOST_HINTS) hint[kind].add(name);
    else hint.isAnything = true;
  }

  return {
    allocation: (id) => add("allocations", id),
    deployment: (job) => add("deployments", job),
    anything() {
      if (listeners.size > 0) gather().isAnything = true;
    },
    onHint(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
