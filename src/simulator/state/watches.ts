import { createDeferred } from "../../base/deferred.ts";
/**
 * Which queries are woken when a part of the catalog is written. A watch says only "look again": whether a query has
 * news is decided by its index. Consul keeps the two apart as well, and they disagree: see README.md.
 */
export interface Watches {
  /** Wakes every query that waits on one of the keys. */
  touch(keys: Iterable<string>): void;
  /** Resolves at the next touch of one of the keys, or when the signal is aborted. */
  next(keys: readonly string[], signal: AbortSignal): Promise<void>;
}

/** An empty set of watches. Waking is synchronous; what is woken runs after the caller has finished (a promise). */
export function createWatches(): Watches {
  const waiters = new Map<string, Set<() => void>>();

  return {
    touch(keys) {
      for (const key of keys) {
        for (const wake of [...(waiters.get(key) ?? [])]) wake();
      }
    },
    next(keys, signal) {
      const { promise, resolve } = createDeferred<void>();
      function wake(): void {
        for (const key of keys) {
          const waiting = waiters.get(key);
          waiting?.delete(wake);
          if (waiting?.size === 0) waiters.delete(key);
        }
        signal.removeEventListener("abort", wake);
        resolve();
      }
      for (const key of keys) waiters.set(key, (waiters.get(key) ?? new Set()).add(wake));
      signal.addEventListener("abort", wake);
      if (signal.aborted) wake();
      return promise;
    },
  };
}

/** The parts of the catalog that can be watched: each table, and each narrow group of rows that Consul distinguishes. */
export const WATCH = {
  nodes: "nodes",
  services: "services",
  checks: "checks",
  node: (node: string) => `nodes/${node}`,
  instancesOf: (service: string) => `services/by-name/${service}`,
  instancesOn: (node: string) => `services/by-node/${node}`,
  checksOn: (node: string) => `checks/by-node/${node}`,
  checksIn: (state: string) => `checks/by-state/${state}`,
  indexOf: (service: string) => `index/${service}`,
} as const;
