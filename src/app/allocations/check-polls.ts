import type { Clock } from "../../base/clock.ts";
import { createDeferred } from "../../base/deferred.ts";
import { AppError } from "../../base/errors.ts";
import type { CheckResult } from "../../core/catalog/allocation-health.ts";
import type { AllocationsObserver } from "../../observe/observer.ts";
import { forEachParallel } from "../../sources/polling/work-pool.ts";
import { type AllocationScheduler, PATIENCE_MS, type Told } from "./known-allocations.ts";

export interface CheckPollsParts {
  readonly clock: Clock;
  readonly observer: AllocationsObserver;
  /** Aborted when no answer counts any more. */
  readonly closing: AbortSignal;
  /** From 0 to 1: spreads the polls. */
  random(): number;
  /** A result is another one, or nothing of it is awaited any more. */
  changed(): void;
}

/**
 * The results of the checks of running allocations. Nomad neither lets a request for them wait nor sends events of them, so
 * that they are polled: those that wait for their first success twice a second, those at rest every five seconds, and never
 * faster than the two lanes allow. An allocation without checks is asked once. What was known stays while it cannot be read.
 */
export interface CheckPolls {
  /** The latest results; undefined before the first, and while there is none that was asked for after `sinceMs`. */
  resultsOf(id: string, sinceMs?: number): readonly CheckResult[] | undefined;
  /** Whether the first answer is due in a moment. */
  isAwaited(id: string): boolean;
  /** Whether the token may not read the checks of this namespace. */
  isDenied(scheduler: string, namespace: string): boolean;
  /** From now on these are polled, and no others; what was known of the others is forgotten. */
  follow(allocations: readonly Told[]): void;
  /** Polls until aborted. */
  run(signal: AbortSignal): Promise<void>;
}

interface Polled {
  readonly told: Told;
  readonly followedAtMs: number;
  readonly dueAtMs: number;
  readonly isAnswered: boolean;
  readonly results?: readonly CheckResult[];
  /** When the results were asked for. */
  readonly askedAtMs: number;
  /** Since when they are what they are. */
  readonly sinceMs: number;
}

/** How fast polls may follow each other, and how many may be open at a time. */
const LANES = [
  { isQuick: true, gapMs: 10, parallel: 4 },
  { isQuick: false, gapMs: 50, parallel: 1 },
] as const;
type Lane = (typeof LANES)[number];

const PENDING_MS = 500;
/** One that has waited for so long is probably broken: news of it may be a little late. */
const PENDING_LONG_MS = 900_000;
const FAILING_MS = 1_000;
const RESTING_MS = 5_000;
const UNREAD_MS = [1_000, 5_000, 30_000] as const;

export function createCheckPolls({ clock, observer, random, closing, changed }: CheckPollsParts): CheckPolls {
  const polled = new Map<string, Polled>();
  const denied = new Set<string>();
  /** The Nomads of which it has been said that checks are not read, and why. */
  const troubles = new Map<string, string>();
  let wake = createDeferred();

  function isQuick({ isAnswered, results }: Polled): boolean {
    return !isAnswered || (results?.some(({ status }) => status !== "success") ?? false);
  }

  async function poll(id: string, signal: AbortSignal): Promise<void> {
    const before = polled.get(id);
    if (before === undefined) return;
    const { allocation, scheduler } = before.told;
    const askedAtMs = clock.nowMs();
    let results: readonly CheckResult[] | undefined;
    try {
      results = await scheduler.checks(id, signal);
      told(scheduler, allocation.namespace);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      if (signal.aborted) return;
      untold(scheduler, allocation.namespace, error);
    }
    const now = polled.get(id);
    if (now === undefined) return;
    const nowMs = clock.nowMs();
    const isNews = results !== undefined && JSON.stringify(results) !== JSON.stringify(now.results);
    const after: Polled = {
      ...now,
      ...(results === undefined ? {} : { results, askedAtMs }),
      isAnswered: true,
      sinceMs: isNews ? nowMs : now.sinceMs,
    };
    polled.set(id, {
      ...after,
      dueAtMs: nowMs + pauseMs(after, results !== undefined, nowMs) * (0.9 + 0.2 * random()),
    });
    if (isQuick(now) !== isQuick(after)) wakeLanes();
    if (isNews || !now.isAnswered) changed();
  }

  /** Something is in another lane now. */
  function wakeLanes(): void {
    const woken = wake;
    wake = createDeferred();
    woken.resolve();
  }

  function pauseMs({ results, sinceMs }: Polled, isRead: boolean, nowMs: number): number {
    const ageMs = nowMs - sinceMs;
    if (!isRead) return UNREAD_MS.find((ms) => ageMs < 10 * ms) ?? UNREAD_MS[2];
    if (results === undefined || results.length === 0) return Number.POSITIVE_INFINITY;
    if (results.every(({ status }) => status === "success")) return RESTING_MS;
    if (ageMs > PENDING_LONG_MS) return RESTING_MS;
    return results.some(({ status }) => status === "pending") ? PENDING_MS : FAILING_MS;
  }

  function told({ name }: AllocationScheduler, namespace: string): void {
    denied.delete(keyOf(name, namespace));
    if (troubles.delete(name)) observer.checksTold(name);
  }

  function untold({ name }: AllocationScheduler, namespace: string, error: AppError): void {
    if (error.code === "E_CATALOG_DENIED" && !denied.has(keyOf(name, namespace))) {
      denied.add(keyOf(name, namespace));
      changed();
    }
    if (troubles.get(name) === error.code) return;
    troubles.set(name, error.code);
    observer.checksUntold(name, namespace, error);
  }

  async function runLane({ isQuick: isOfQuick, gapMs, parallel }: Lane, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const nowMs = clock.nowMs();
      const own = [...polled].filter(([, one]) => isQuick(one) === isOfQuick);
      const due = own
        .filter(([, one]) => one.dueAtMs <= nowMs)
        .sort(([, one], [, other]) => one.dueAtMs - other.dueAtMs);
      if (due.length > 0) {
        const turn = due.slice(0, A_TURN);
        await forEachParallel(turn, parallel, ([id]) => poll(id, signal));
        await clock.sleep(Math.max(0, nowMs + turn.length * gapMs - clock.nowMs()), signal);
        continue;
      }
      const nextMs = Math.min(...own.map(([, { dueAtMs }]) => dueAtMs), nowMs + LONGEST_SLEEP_MS);
      const woken = new AbortController();
      void wake.promise.then(() => woken.abort());
      await clock.sleep(nextMs - nowMs, AbortSignal.any([signal, woken.signal]));
    }
  }

  return {
    resultsOf(id, sinceMs = 0) {
      const one = polled.get(id);
      return one !== undefined && one.askedAtMs >= sinceMs ? one.results : undefined;
    },
    isAwaited(id) {
      const one = polled.get(id);
      return one !== undefined && !one.isAnswered && clock.nowMs() < one.followedAtMs + PATIENCE_MS;
    },
    isDenied: (scheduler, namespace) => denied.has(keyOf(scheduler, namespace)),
    follow(allocations) {
      const nowMs = clock.nowMs();
      const followed = new Set(allocations.map(({ allocation }) => allocation.id));
      for (const id of polled.keys()) if (!followed.has(id)) polled.delete(id);
      let isAnyNew = false;
      let hasCome = false;
      for (const told of allocations) {
        const { id } = told.allocation;
        const before = polled.get(id);
        if (before?.told === told) continue;
        isAnyNew = true;
        const isChanged = before?.told.allocation.modifyIndex !== told.allocation.modifyIndex;
        if (before === undefined) {
          hasCome = true;
          polled.set(id, {
            told,
            followedAtMs: nowMs,
            dueAtMs: nowMs,
            isAnswered: false,
            askedAtMs: 0,
            sinceMs: nowMs,
          });
        } else {
          // The job may have got its checks with this change.
          polled.set(id, { ...before, told, dueAtMs: isChanged ? nowMs : before.dueAtMs });
        }
      }
      if (hasCome) void clock.sleep(PATIENCE_MS, closing).then(changed);
      if (!isAnyNew) return;
      wakeLanes();
    },
    async run(signal) {
      await Promise.all(LANES.map((lane) => runLane(lane, signal)));
    },
  };
}

/** Lanes look around after so many polls: what is more urgent need not wait for all. */
const A_TURN = 10;
const LONGEST_SLEEP_MS = 60_000;

function keyOf(scheduler: string, namespace: string): string {
  return `${scheduler} ${namespace}`;
}
