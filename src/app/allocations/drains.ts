import type { Clock } from "../../base/clock.ts";
import { AppError } from "../../base/errors.ts";
import type { AllocationScheduler } from "./known-allocations.ts";

export interface DrainsParts {
  readonly schedulers: readonly AllocationScheduler[];
  readonly clock: Clock;
  /** Whether any allocation is in use, so that it matters. */
  isWanted(): boolean;
  /** Others are drained than before. */
  changed(): void;
}

/**
 * Which clients are being drained: what runs there will be moved, one after the other, and Nomad says so of each allocation
 * only at its turn. Needs `node:read`; without it, and while a Nomad does not answer, what was known stays.
 */
export interface Drains {
  isDrained(scheduler: AllocationScheduler, client: string): boolean;
  /** Whether each Nomad has been asked once, or need not be. */
  areAsked(): boolean;
  /** Asks now and then until aborted. */
  run(signal: AbortSignal): Promise<void>;
}

const EVERY_MS = 10_000;
/** After an error, such as for the right that is missing; what is missing is told where the ports are asked for. */
const AGAIN_MS = 60_000;

export function createDrains({ schedulers, clock, isWanted, changed }: DrainsParts): Drains {
  const drained = new Map<AllocationScheduler, ReadonlySet<string>>();
  const asked = new Set<AllocationScheduler>();

  async function follow(scheduler: AllocationScheduler, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const isAnswered = !isWanted() || (await look(scheduler, signal));
      await clock.sleep(isAnswered ? EVERY_MS : AGAIN_MS, signal);
    }
  }

  /** Returns whether the Nomad has answered. */
  async function look(scheduler: AllocationScheduler, signal: AbortSignal): Promise<boolean> {
    try {
      const now = await scheduler.drainedClients(signal);
      const before = drained.get(scheduler) ?? new Set();
      drained.set(scheduler, now);
      if (now.size !== before.size || [...now].some((client) => !before.has(client))) changed();
      return true;
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      return false;
    } finally {
      asked.add(scheduler);
    }
  }

  return {
    areAsked: () => !isWanted() || schedulers.every((scheduler) => asked.has(scheduler)),
    isDrained: (scheduler, client) => drained.get(scheduler)?.has(client) === true,
    async run(signal) {
      await Promise.all(schedulers.map((scheduler) => follow(scheduler, signal)));
    },
  };
}
