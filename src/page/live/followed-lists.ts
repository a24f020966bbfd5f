import { LISTS, type Listed, type ListName, type Lists } from "./lists.ts";
import { createRepeatedRead, type RepeatedRead } from "./repeated-read.ts";
import type { World } from "./world.ts";

/** What becomes of an answer that is followed. */
export interface Follower<Answer> {
  answered(answer: Answer): void;
  /** @param error why there is no newer answer, in words */
  failed(error: string): void;
}

export interface ListsReader {
  /** Has a list read until what is returned is called. */
  want(name: ListName): () => void;
  /** The same of an answer that only one view asks for, by its path; after what is returned is called nothing of it is told. */
  follow<Answer>(path: string, leastMs: number, follower: Follower<Answer>): () => void;
  /** Something has changed: what is wanted is read again, soon. Nothing where all are stopped. */
  touch(): void;
  /** Reads what is wanted, and goes on. */
  start(): void;
  /** Reads nothing until the next `start`. */
  stop(): void;
}

/** Keeps the lists and answers that views show: each is read when it is wanted, and again after a change. */
export function createLists(
  world: World,
  keep: {
    get<Name extends ListName>(name: Name): Listed<Lists[Name]>;
    set<Name extends ListName>(name: Name, listed: Listed<Lists[Name]>): void;
  },
): ListsReader {
  let isStopped = true;
  /** How many want each. */
  const wanted = new Map<RepeatedRead, number>();
  const reads = new Map<ListName, RepeatedRead>();

  function follow<Answer>(path: string, leastMs: number, follower: Follower<Answer>): RepeatedRead {
    return createRepeatedRead(world, {
      leastMs,
      async read() {
        try {
          follower.answered(await world.read<Answer>(path));
        } catch (error) {
          follower.failed(error instanceof Error ? error.message : String(error));
        }
      },
    });
  }

  function readOf<Name extends ListName>(name: Name): RepeatedRead {
    const found = reads.get(name);
    if (found !== undefined) return found;
    const { path, leastMs } = LISTS[name];
    const made = follow<Lists[Name]>(path, leastMs, {
      answered: (answer) => keep.set(name, { answer, readMs: world.nowMs(), error: undefined }),
      failed: (error) => keep.set(name, { ...keep.get(name), error }),
    });
    reads.set(name, made);
    return made;
  }

  function want(read: RepeatedRead): () => void {
    wanted.set(read, (wanted.get(read) ?? 0) + 1);
    if (!isStopped) read.start();
    return () => {
      const others = (wanted.get(read) ?? 1) - 1;
      if (others > 0) {
        wanted.set(read, others);
        return;
      }
      wanted.delete(read);
      read.stop();
    };
  }

  return {
    want: (name) => want(readOf(name)),
    follow(path, leastMs, follower) {
      let isWanted = true;
      const unwant = want(
        follow(path, leastMs, {
          answered: (answer: never) => isWanted && follower.answered(answer),
          failed: (error) => isWanted && follower.failed(error),
        }),
      );
      return () => {
        isWanted = false;
        unwant();
      };
    },
    touch() {
      for (const read of wanted.keys()) read.touch();
    },
    start() {
      isStopped = false;
      for (const read of wanted.keys()) read.start();
    },
    stop() {
      isStopped = true;
      for (const read of wanted.keys()) read.stop();
    },
  };
}
