import { AppError } from "../base/errors.ts";
import type { KeptMemory } from "../core/memory.ts";
import type { DaemonObserver } from "../observe/observer.ts";
import type { DaemonState } from "./daemon-state.ts";
import type { FollowedCatalog } from "./followed-catalog.ts";
import { isSameKept } from "./kept-state.ts";

export interface StateSaverParts {
  readonly catalogs: readonly FollowedCatalog[];
  readonly kept: DaemonState<KeptMemory>;
  readonly observer: Pick<DaemonObserver, "stateUnsaved">;
}

/** Keeps on disk what must survive a restart. */
export interface StateSaver {
  /**
   * Saves the snapshots and the memory that a pass came to, as far as they have changed. What cannot be saved is
   * reported and does not stop the pass: a full state disk must not stop the routes. Resolves with whether everything is stored.
   */
  save(memory: KeptMemory, nowMs: number): Promise<boolean>;
}

export function createStateSaver({ catalogs, kept, observer }: StateSaverParts): StateSaver {
  let saved: KeptMemory | undefined;

  async function saveKept(memory: KeptMemory, nowMs: number): Promise<void> {
    if (saved !== undefined && isSameKept(saved, memory)) return;
    await kept.save(memory, nowMs);
    saved = memory;
  }

  return {
    async save(memory, nowMs) {
      const saving = catalogs.map((catalog) => catalog.save(nowMs));
      let isStored = true;
      for (const outcome of await Promise.allSettled([...saving, saveKept(memory, nowMs)])) {
        if (outcome.status === "fulfilled") continue;
        if (!(outcome.reason instanceof AppError)) throw outcome.reason;
        observer.stateUnsaved(outcome.reason);
        isStored = false;
      }
      return isStored;
    },
  };
}
