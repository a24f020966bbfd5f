import { AppError } from "../../base/errors.ts";
import type { Told } from "./known-allocations.ts";

/** Which jobs were stopped as wholes: an allocation is stopped, too, where its job is updated, moved or scaled down. */
export interface EndedJobs {
  /** False while there is no answer. */
  isEnded(told: Told): boolean;
  isAsking(told: Told): boolean;
  /** Asks for the job of an allocation, whatever was known of it: it may have been run again. */
  ask(told: Told): void;
  /** Forgets all jobs but these. */
  keep(told: readonly Told[]): void;
}

/** @param changed told when there is an answer, with the allocation that it was asked for */
export function createEndedJobs(signal: AbortSignal, changed: (id: string) => void): EndedJobs {
  const ended = new Set<string>();
  const asking = new Set<string>();

  async function isStopped({ scheduler, allocation }: Told): Promise<boolean> {
    try {
      return await scheduler.isJobStopped(allocation, signal);
    } catch (error) {
      // What is not known is kept for its owner, for as long as ever.
      if (error instanceof AppError) return false;
      throw error;
    }
  }

  return {
    isEnded: (told) => ended.has(keyOf(told)),
    isAsking: (told) => asking.has(keyOf(told)),
    ask(told) {
      const key = keyOf(told);
      ended.delete(key);
      asking.add(key);
      void isStopped(told).then((isEnded) => {
        asking.delete(key);
        if (isEnded) ended.add(key);
        changed(told.allocation.id);
      });
    },
    keep(told) {
      const kept = new Set(told.map(keyOf));
      for (const key of ended) if (!kept.has(key)) ended.delete(key);
    },
  };
}

function keyOf({ scheduler, allocation: { namespace, job } }: Told): string {
  return JSON.stringify([scheduler.name, namespace, job]);
}
