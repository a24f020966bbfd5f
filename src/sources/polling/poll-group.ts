import { createDeferred } from "../../base/deferred.ts";

/** Thousands of polls that begin in one go would hold up everything else for a second. */
const STARTED_AT_A_TIME = 50;

/** Long polls that come and go with the names in a list. */
export interface PollGroup {
  /** Starts a poll for each new name, some at a time, and stops those whose name is gone. */
  follow(names: Iterable<string>): void;
  /** Rejects as soon as a poll fails for a reason that is not the catalog's. */
  readonly broken: Promise<never>;
  /** Resolves when every poll has ended. */
  settled(): Promise<void>;
}

export interface PollGroupOptions {
  /** Polls until its signal is aborted. */
  poll(name: string, signal: AbortSignal): Promise<void>;
  /** A name left the list; its poll has been aborted. */
  left(name: string): void;
}

export function createPollGroup({ poll, left }: PollGroupOptions, signal: AbortSignal): PollGroup {
  const running = new Map<string, { readonly stop: AbortController; readonly done: Promise<void> }>();
  const waiting = new Set<string>();
  const broken = createDeferred<never>();
  // A poll may break before a caller awaits the promise; that is no unhandled rejection.
  broken.promise.catch(() => {});

  function start(name: string): void {
    const stop = new AbortController();
    const done = poll(name, AbortSignal.any([signal, stop.signal]));
    done.catch(broken.reject);
    running.set(name, { stop, done });
  }

  function startSome(): void {
    let started = 0;
    for (const name of waiting) {
      if (signal.aborted || started === STARTED_AT_A_TIME) break;
      waiting.delete(name);
      start(name);
      started += 1;
    }
    if (waiting.size > 0 && !signal.aborted) setImmediate(startSome);
  }

  return {
    follow(names) {
      const wanted = new Set(names);
      for (const name of waiting) if (!wanted.has(name)) waiting.delete(name);
      for (const [name, { stop }] of running) {
        if (wanted.has(name)) continue;
        stop.abort();
        running.delete(name);
        left(name);
      }
      const isStarting = waiting.size > 0;
      for (const name of wanted) if (!running.has(name)) waiting.add(name);
      if (!isStarting) startSome();
    },
    broken: broken.promise,
    async settled() {
      await Promise.allSettled([...running.values()].map(({ done }) => done));
    },
  };
}
