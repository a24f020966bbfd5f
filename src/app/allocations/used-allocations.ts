import { allocationIdOf } from "../../core/catalog/allocation.ts";
import type { ServiceInstance } from "../../core/catalog/snapshot.ts";
import { changedRange } from "../../core/incremental/changed-range.ts";
import type { AskingCatalog } from "./asking-catalog.ts";

/** The allocations that the instances of catalogs name. */
export interface UsedAllocations {
  /** Takes note of what a catalog shows now. Returns the ids that what has come or gone since the last time names, each once. */
  note(catalog: AskingCatalog, instances: readonly ServiceInstance[]): ReadonlySet<string>;
  /** Whether an instance that is there names it. */
  isShown(id: string): boolean;
  /** Whether it is named by one of Nomad's own services whose checks count. */
  isChecked(id: string): boolean;
  ids(): Iterable<string>;
}

export function createUsedAllocations(): UsedAllocations {
  const shown = new Map<string, readonly ServiceInstance[]>();
  /** How many instances name each. */
  const users = new Map<string, number>();
  const checkedUsers = new Map<string, number>();

  return {
    note({ name, health }, instances) {
      const before = shown.get(name) ?? [];
      shown.set(name, instances);
      const touched = new Set<string>();
      const count = (instance: ServiceInstance, by: 1 | -1) => {
        const id = allocationIdOf(instance.id);
        if (id === undefined) return;
        touched.add(id);
        add(users, id, by);
        if (health === "checks" && instance.catalog === "nomad") add(checkedUsers, id, by);
      };
      for (const come of changedRange(before, instances)) count(come, 1);
      for (const gone of changedRange(instances, before)) count(gone, -1);
      return touched;
    },
    isShown: (id) => users.has(id),
    isChecked: (id) => checkedUsers.has(id),
    ids: () => users.keys(),
  };
}

function add(counts: Map<string, number>, id: string, by: 1 | -1): void {
  const count = (counts.get(id) ?? 0) + by;
  if (count === 0) counts.delete(id);
  else counts.set(id, count);
}
