import { LISTS, type Listed, type ListName, type Lists } from "./lists.ts";
import type { World } from "./world.ts";

/** A list that a view shows is read again after so long, whatever is heard. */
const AGE_MS = 15_000;

export interface ListsReader {
  /** Has it read until what is returned is called. */
  want(name: ListName): () => void;
  /** Something has changed: those that are wanted are read again, soon. */
  touch(): void;
  /** Reads nothing until the next `want` or `touch`. */
  stop(): void;
}

/** Keeps the lists that views show: each is read when it is wanted, and again after a change, never twice at a time. */
export function createLists(
  world: World,
  keep: {
    get<Name extends ListName>(name: Name): Listed<Lists[Name]>;
    set<Name extends ListName>(name: Name, listed: Listed<Lists[Name]>): void;
  },
): ListsReader {
  const wanted = new Map<ListName, number>();
  const reading = new Set<ListName>();
  const touched = new Set<ListName>();
  const timers = new Map<ListName, () => void>();

  function isWanted(name: ListName): boolean {
    return (wanted.get(name) ?? 0) > 0;
  }

  let isStopped = false;

  function later(name: ListName, waitMs: number): void {
    timers.get(name)?.();
    if (isStopped) return;
    timers.set(
      name,
      world.after(waitMs, () => void read(name)),
    );
  }

  async function read<Name extends ListName>(name: Name): Promise<void> {
    if (!isWanted(name)) return;
    if (reading.has(name)) {
      touched.add(name);
      return;
    }
    reading.add(name);
    touched.delete(name);
    const { path, leastMs } = LISTS[name];
    try {
      const answer = await world.read<Lists[Name]>(path);
      keep.set(name, { answer, readMs: world.nowMs(), error: undefined });
    } catch (error) {
      keep.set(name, { ...keep.get(name), error: error instanceof Error ? error.message : String(error) });
    }
    reading.delete(name);
    later(name, touched.has(name) ? leastMs : Math.max(AGE_MS, leastMs));
  }

  function soon(name: ListName): void {
    isStopped = false;
    if (reading.has(name)) {
      touched.add(name);
      return;
    }
    const { readMs } = keep.get(name);
    const dueMs = readMs === undefined ? 0 : readMs + LISTS[name].leastMs - world.nowMs();
    later(name, Math.max(0, dueMs));
  }

  return {
    want(name) {
      wanted.set(name, (wanted.get(name) ?? 0) + 1);
      soon(name);
      return () => {
        wanted.set(name, (wanted.get(name) ?? 1) - 1);
        if (!isWanted(name)) timers.get(name)?.();
      };
    },
    touch() {
      for (const name of wanted.keys()) if (isWanted(name)) soon(name);
    },
    stop() {
      isStopped = true;
      for (const cancel of timers.values()) cancel();
    },
  };
}
