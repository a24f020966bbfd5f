import type { Clock } from "../../base/clock.ts";
import { AppError } from "../../base/errors.ts";
import type { CheckResult } from "../../core/catalog/allocation-health.ts";
import type { AllocationsObserver } from "../../observe/observer.ts";
import { createCheckedGroups } from "./checked-groups.ts";
import { PATIENCE_MS, type Told } from "./known-allocations.ts";
import { createPollLane, type PollLane } from "./poll-lane.ts";

export interface CheckPollsParts {
  readonly clock: Clock;
  readonly observer: AllocationsObserver;
  /** Aborted when no answer counts any more. */
  readonly closing: AbortSignal;
  /** From 0 to 1: spreads the polls. */
  random(): number;
  /** The results of these allocations are others, or nothing of them is awaited any more; of all where none are named. */
  changed(ids?: readonly string[]): void;
}

/**
 * The results of the checks of running allocations. Nomad neither lets a request for them wait nor sends events of them, so
 * that they are polled: those that wait for their first success twice a second, those at rest every five seconds, and never
 * faster than the lanes allow. An allocation without checks is asked nothing: that it has none is in the definition of its
 * job, which was read with the allocation, or is read once for all of a group that were listed with many others, as at the
 * start. What was known stays while it cannot be read.
 */
export interface CheckPolls {
  /** The latest results; undefined before the first, and while there is none that was asked for after `sinceMs`. */
  resultsOf(id: string, sinceMs?: number): readonly CheckResult[] | undefined;
  /** Whether the first answer is due in a moment. */
  isAwaited(id: string): boolean;
  /** Whether the token may not read the checks of this namespace. */
  isDenied(scheduler: string, namespace: string): boolean;
  /** Whether there is any namespace of which it may not. */
  isAnyDenied(): boolean;
  /** From now on these are polled, too. */
  follow(allocations: readonly Told[]): void;
  /** From now on these are polled no more; what was known of them is forgotten. */
  leave(ids: Iterable<string>): void;
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

/**
 * `first`: those that came with many others, as at the start, and have not been asked yet; what changes need not wait for
 * them. `news`: those of a change, and those that may change any moment. `rest`: all others.
 */
const LANES = {
  first: { gapMs: 4, parallel: 4 },
  news: { gapMs: 10, parallel: 4 },
  rest: { gapMs: 50, parallel: 1 },
} as const;
type LaneName = keyof typeof LANES;

const PENDING_MS = 500;
/** One that has waited for so long is probably broken: news of it may be a little late. */
const PENDING_LONG_MS = 900_000;
const FAILING_MS = 1_000;
const RESTING_MS = 5_000;
const UNREAD_MS = [1_000, 5_000, 30_000] as const;

export function createCheckPolls({ clock, observer, random, closing, changed }: CheckPollsParts): CheckPolls {
  const polled = new Map<string, Polled>();
  const groups = createCheckedGroups();
  const denied = new Set<string>();
  /** The Nomads of which it has been said that checks are not read, and why. */
  const troubles = new Map<string, string>();
  const lanes: Readonly<Record<LaneName, PollLane>> = {
    first: createPollLane(clock, LANES.first),
    news: createPollLane(clock, LANES.news),
    rest: createPollLane(clock, LANES.rest),
  };

  function laneOf({ isAnswered, results, told }: Polled): LaneName {
    if (!isAnswered) return told.allocation.hasChecks === undefined ? "first" : "news";
    return (results?.some(({ status }) => status !== "success") ?? false) ? "news" : "rest";
  }

  function put(id: string, next: Polled): void {
    const before = polled.get(id);
    const lane = laneOf(next);
    if (before !== undefined && laneOf(before) !== lane) lanes[laneOf(before)].remove(id);
    polled.set(id, next);
    lanes[lane].put(id, next.dueAtMs);
  }

  /** Returns whether anything was asked. */
  async function poll(id: string, signal: AbortSignal): Promise<boolean> {
    const before = polled.get(id);
    if (before === undefined) return false;
    const { told } = before;
    let isLookedUp = false;
    const askedAtMs = clock.nowMs();
    let results: readonly CheckResult[] | undefined;
    try {
      if (groups.hasChecks(told) === undefined) {
        await groups.lookUpOnce(told, async () => {
          isLookedUp = true;
          await lookUp(told, signal);
        });
      }
      // All of its group are settled with it.
      if (groups.hasChecks(told) === false) return isLookedUp;
      results = await told.scheduler.checks(id, signal);
      nowTold(told);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      if (signal.aborted) return true;
      untold(told, error);
    }
    answered(id, results, askedAtMs);
    return true;
  }

  /** Whether its group has checks; where that is not told, as by a Nomad that is away, each is asked for its own. */
  async function lookUp(told: Told, signal: AbortSignal): Promise<void> {
    const { allocation, scheduler } = told;
    const definition = await scheduler.definition(allocation.id, signal);
    if (definition?.jobVersion === allocation.jobVersion) learn(told, definition.hasChecks);
  }

  function learn(told: Told, hasChecks: boolean): void {
    if (groups.hasChecks(told) === hasChecks) return;
    groups.learn(told, hasChecks);
    if (!hasChecks) settle([...groups.likeThis(told)]);
  }

  /** These have no checks, and are asked for none. */
  function settle(ids: readonly string[]): void {
    const nowMs = clock.nowMs();
    const news: string[] = [];
    for (const id of ids) {
      const one = polled.get(id);
      if (one === undefined || (one.results?.length === 0 && one.dueAtMs === Number.POSITIVE_INFINITY)) continue;
      const result = { results: [], askedAtMs: nowMs, sinceMs: nowMs };
      put(id, { ...one, ...result, isAnswered: true, dueAtMs: Number.POSITIVE_INFINITY });
      news.push(id);
    }
    if (news.length > 0) changed(news);
  }

  function answered(id: string, results: readonly CheckResult[] | undefined, askedAtMs: number): void {
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
    const spread = 0.9 + 0.2 * random();
    put(id, { ...after, dueAtMs: nowMs + pauseMs(after, results !== undefined, nowMs) * spread });
    if (isNews || !now.isAnswered) changed([id]);
  }

  function pauseMs({ results, sinceMs }: Polled, isRead: boolean, nowMs: number): number {
    const ageMs = nowMs - sinceMs;
    if (!isRead) return UNREAD_MS.find((ms) => ageMs < 10 * ms) ?? UNREAD_MS[2];
    if (results === undefined || results.length === 0) return Number.POSITIVE_INFINITY;
    if (results.every(({ status }) => status === "success")) return RESTING_MS;
    if (ageMs > PENDING_LONG_MS) return RESTING_MS;
    return results.some(({ status }) => status === "pending") ? PENDING_MS : FAILING_MS;
  }

  function nowTold({ scheduler: { name }, allocation: { namespace } }: Told): void {
    if (denied.delete(keyOf(name, namespace))) changed();
    if (troubles.delete(name)) observer.checksTold(name);
  }

  function untold({ scheduler: { name }, allocation: { namespace } }: Told, error: AppError): void {
    if (error.code === "E_CATALOG_DENIED" && !denied.has(keyOf(name, namespace))) {
      denied.add(keyOf(name, namespace));
      changed();
    }
    if (troubles.get(name) === error.code) return;
    troubles.set(name, error.code);
    observer.checksUntold(name, namespace, error);
  }

  /** Takes note of what is told of one that is polled, or is to be. */
  function followOne(told: Told, nowMs: number): void {
    const { id, hasChecks } = told.allocation;
    const before = polled.get(id);
    groups.join(told);
    if (before === undefined) {
      put(id, { told, followedAtMs: nowMs, dueAtMs: nowMs, isAnswered: false, askedAtMs: 0, sinceMs: nowMs });
    } else {
      if (before.told.allocation.jobVersion !== told.allocation.jobVersion) groups.leave(before.told);
      // The job may have got its checks with this change.
      const isChanged = before.told.allocation.modifyIndex !== told.allocation.modifyIndex;
      put(id, { ...before, told, dueAtMs: isChanged ? nowMs : before.dueAtMs });
    }
    if (hasChecks !== undefined) learn(told, hasChecks);
    if (groups.hasChecks(told) === false) settle([id]);
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
    isAnyDenied: () => denied.size > 0,
    follow(allocations) {
      const nowMs = clock.nowMs();
      const news = allocations.filter((told) => polled.get(told.allocation.id)?.told !== told);
      const come = news.map(({ allocation: { id } }) => id).filter((id) => !polled.has(id));
      for (const told of news) followOne(told, nowMs);
      if (come.length > 0) void clock.sleep(PATIENCE_MS, closing).then(() => changed(come));
    },
    leave(ids) {
      for (const id of ids) {
        const one = polled.get(id);
        if (one === undefined) continue;
        groups.leave(one.told);
        lanes[laneOf(one)].remove(id);
        polled.delete(id);
      }
    },
    async run(signal) {
      await Promise.all(Object.values(lanes).map((lane) => lane.run(poll, signal)));
    },
  };
}

function keyOf(scheduler: string, namespace: string): string {
  return `${scheduler} ${namespace}`;
}
