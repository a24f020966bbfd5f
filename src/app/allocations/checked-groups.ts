import type { Told } from "./known-allocations.ts";

/**
 * Which groups of jobs have checks. All allocations of one version of a group have the same definition, so that one of them
 * tells it for all.
 */
export interface CheckedGroups {
  /** Undefined while none of the group has told it. */
  hasChecks(told: Told): boolean | undefined;
  join(told: Told): void;
  /** With its last allocation the group is forgotten. */
  leave(told: Told): void;
  learn(told: Told, hasChecks: boolean): void;
  /** The ids of the allocations that have joined its group. */
  likeThis(told: Told): Iterable<string>;
  /** Has it looked up once for all that ask at the same time. */
  lookUpOnce(told: Told, lookUp: () => Promise<void>): Promise<void>;
}

interface Group {
  readonly members: Set<string>;
  hasChecks?: boolean;
  lookingUp?: Promise<void>;
}

export function createCheckedGroups(): CheckedGroups {
  const groups = new Map<string, Group>();

  return {
    hasChecks: (told) => groups.get(keyOf(told))?.hasChecks,
    join(told) {
      const key = keyOf(told);
      const group = groups.get(key) ?? { members: new Set() };
      groups.set(key, group);
      group.members.add(told.allocation.id);
    },
    leave(told) {
      const key = keyOf(told);
      const group = groups.get(key);
      group?.members.delete(told.allocation.id);
      if (group?.members.size === 0) groups.delete(key);
    },
    learn(told, hasChecks) {
      const group = groups.get(keyOf(told));
      if (group !== undefined) group.hasChecks = hasChecks;
    },
    likeThis: (told) => groups.get(keyOf(told))?.members ?? [],
    async lookUpOnce(told, lookUp) {
      const group = groups.get(keyOf(told));
      if (group === undefined) return;
      group.lookingUp ??= lookUp().finally(() => {
        delete group.lookingUp;
      });
      await group.lookingUp;
    },
  };
}

function keyOf({ scheduler, allocation: { namespace, job, jobVersion, group = "" } }: Told): string {
  return JSON.stringify([scheduler.name, namespace, job, jobVersion, group]);
}
