import type { Clock } from "../../base/clock.ts";
import { allocationIdOf } from "../../core/catalog/allocation.ts";
import { instanceKey, type ServiceInstance } from "../../core/catalog/snapshot.ts";
import { changedRange, goneSince } from "../../core/incremental/changed-range.ts";

/** An instance that has left its catalog. */
export interface Departed {
  readonly instance: ServiceInstance;
  /** The allocation that it names. */
  readonly id: string | undefined;
  readonly goneAtMs: number;
}

/** Which instances have left each catalog lately, and not come back. */
export interface Departures {
  /** Takes note of what a catalog shows now, and returns who has just left it. */
  note(catalog: string, now: readonly ServiceInstance[]): readonly ServiceInstance[];
  /** What a catalog showed before this process began. Counts only before it shows anything. */
  recall(catalog: string, instances: readonly ServiceInstance[]): void;
  of(catalog: string): Iterable<Departed>;
  /** Those of all catalogs. */
  all(): Iterable<Departed>;
}

/** Longer than any guard waits for a confirmation. */
const REMEMBERED_MS = 600_000;

export function createDepartures(clock: Clock): Departures {
  const shown = new Map<string, readonly ServiceInstance[]>();
  const departed = new Map<string, Map<string, Departed>>();

  return {
    note(catalog, now) {
      const before = shown.get(catalog) ?? [];
      shown.set(catalog, now);
      const known = departed.get(catalog) ?? new Map<string, Departed>();
      departed.set(catalog, known);
      const nowMs = clock.nowMs();
      for (const [key, { goneAtMs }] of known) if (goneAtMs <= nowMs - REMEMBERED_MS) known.delete(key);
      for (const come of changedRange(before, now)) known.delete(instanceKey(come));
      const gone = goneSince(before, now, instanceKey);
      for (const instance of gone)
        known.set(instanceKey(instance), { instance, id: allocationIdOf(instance.id), goneAtMs: nowMs });
      return gone;
    },
    recall(catalog, instances) {
      if (!shown.has(catalog)) shown.set(catalog, instances);
    },
    all: () => [...departed.values()].flatMap((known) => [...known.values()]),
    of: (catalog) => departed.get(catalog)?.values() ?? [],
  };
}
