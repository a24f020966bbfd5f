import { createDeferred } from "../../deferred.ts";
import { retryDelayMs } from "../backoff.ts";
import { CatalogError } from "../catalog-error.ts";
import { judgeIndex } from "../query-index.ts";
import type { WatchContext } from "./watch.ts";

/** Services that must be read again, each at most once at a time. */
export interface ChangedServices {
  mark(names: Iterable<string>): void;
  /** Reads what is marked until aborted. */
  run(signal: AbortSignal): Promise<void>;
}

/**
 * Reads marked services again, a bounded number at a time. These reads go to the leader: a stale server might not have
 * seen yet what woke us, and nothing would wake us again for the same change. A failed read keeps what is in the store
 * and is tried again. A service without instances leaves the store.
 */
export function createChangedServices(context: WatchContext): ChangedServices {
  const marked = new Set<string>();
  const reading = new Set<string>();
  let wake = createDeferred();

  async function readOne(name: string, signal: AbortSignal): Promise<void> {
    const target = context.client.target(name);
    try {
      const answer = await context.client.instances(name, { index: 0n, consistency: "default", signal });
      const step = judgeIndex(0n, answer.index);
      if (step.kind === "invalid") throw new CatalogError("E_CATALOG_NO_INDEX", "an answer came without an index");
      context.succeeded(target);
      const union = answer.value.flatMap((instance) => instance.tags);
      if (answer.value.length > 0 && context.isWatched(union)) {
        context.store.put(name, answer.value, step.index, "read");
      } else {
        context.store.remove(name);
      }
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof CatalogError)) throw error;
      const delayMs = retryDelayMs(error, 4, context.random());
      context.failed(error, target, delayMs);
      await context.clock.sleep(delayMs, signal);
      await context.untilWorthTrying(error, signal);
      marked.add(name);
    }
  }

  return {
    mark(names) {
      for (const name of names) marked.add(name);
      wake.resolve();
    },
    async run(signal) {
      const stopped = new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
      const failure = createDeferred<never>();
      while (!signal.aborted) {
        for (const name of marked) {
          if (reading.size >= context.parallelReads) break;
          if (reading.has(name)) continue;
          marked.delete(name);
          reading.add(name);
          readOne(name, signal)
            .catch(failure.reject)
            .finally(() => {
              reading.delete(name);
              wake.resolve();
            });
        }
        await Promise.race([wake.promise, stopped, failure.promise]);
        wake = createDeferred();
      }
    },
  };
}
