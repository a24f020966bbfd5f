import type { Clock } from "../../base/clock.ts";
import { createDeferred } from "../../base/deferred.ts";

const SPREAD_MS = 200;

/** Whether the catalog answers at all. While it does not, one query probes it and the others wait here. */
export interface Reachability {
  lost(): void;
  regained(): void;
  /** Resolves at once while the catalog answers, else shortly after it does again; or when aborted. */
  until(signal: AbortSignal): Promise<void>;
}

export function createReachability(clock: Clock, random: () => number): Reachability {
  let waiting: { readonly promise: Promise<void>; resolve(): void } | undefined;
  return {
    lost() {
      waiting ??= createDeferred();
    },
    regained() {
      waiting?.resolve();
      waiting = undefined;
    },
    async until(signal) {
      if (waiting === undefined || signal.aborted) return;
      const stopped = createDeferred();
      const stop = (): void => stopped.resolve();
      signal.addEventListener("abort", stop, { once: true });
      await Promise.race([waiting.promise, stopped.promise]);
      signal.removeEventListener("abort", stop);
      // Hundreds of queries that return in the same millisecond are a known way to hurt a recovering cluster.
      await clock.sleep(random() * SPREAD_MS, signal);
    },
  };
}
