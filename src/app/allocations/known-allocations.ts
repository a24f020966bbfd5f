import type { Clock } from "../../base/clock.ts";
import { AppError } from "../../base/errors.ts";
import type { Allocation } from "../../core/catalog/allocation.ts";
import type { AllocationsObserver } from "../../observe/observer.ts";
import type { OpenedScheduler } from "../schedulers/open-schedulers.ts";
import { nextLookMs } from "./next-look.ts";

export type AllocationScheduler = Pick<
  OpenedScheduler,
  "name" | "allocations" | "definition" | "isJobStopped" | "checks" | "drainedClients"
>;

export interface KnownAllocationsParts {
  readonly schedulers: readonly AllocationScheduler[];
  readonly clock: Clock;
  readonly observer: AllocationsObserver;
  /** Aborted when no answer counts any more. */
  readonly closing: AbortSignal;
  /** Whether an instance names the allocation that is there, or has left lately. */
  isUsed(id: string): boolean;
  /** Whether one that is there names it: no other is looked at unasked. */
  isShown(id: string): boolean;
  /** What is known of these has changed, or nothing of them is awaited any more. */
  changed(ids: readonly string[]): void;
}

/** An allocation, and who has told it. */
export interface Told {
  readonly allocation: Allocation;
  readonly scheduler: AllocationScheduler;
  /** When it became what it is. */
  readonly sinceMs: number;
  /** When its deployment found it healthy, where it had not at first. */
  readonly provenAtMs: number | undefined;
  /** When it is looked at again, since it may soon be another; infinite for one that has come to rest. */
  readonly dueAtMs: number;
}

interface Untold {
  /** How often all Nomads have been asked. */
  readonly times: number;
  readonly dueAtMs: number;
  /** All of them have answered, and none knows it. */
  readonly isAnswered: boolean;
}

/**
 * What the Nomads say of the allocations that are asked for: each as soon as it is new, those that may soon change again and
 * again, and those that no Nomad tells now and then. What was known stays while a Nomad does not answer.
 */
export interface KnownAllocations {
  get(id: string): Told | undefined;
  /** Whether a Nomad is being asked for this allocation, and will answer in a moment. */
  isAsking(id: string): boolean;
  /** Whether all Nomads have answered that they do not know it. */
  isForeign(id: string): boolean;
  /** Whether no Nomad lets its token read allocations. */
  areDenied(): boolean;
  /** Asks for those of which nothing is known and that have not been asked for. */
  ask(ids: Iterable<string>): void;
  /** Asks for these at once, whatever is known of them, but for those that nothing can happen to any more. */
  lookAgain(ids: Iterable<string>): Promise<void>;
  /** Forgets what is not used any more. */
  forget(): void;
  /** When the next of them is due. */
  dueAtMs(): number;
  askWhatIsDue(): Promise<void>;
}

/** An instance that is new is not charted before a Nomad has said what it is, but for no longer than this. */
export const PATIENCE_MS = 2_000;
/** After the first question, the second, and so on: the allocation may be another cluster's, or the token gets its right. */
const ASK_AGAIN_MS = [5_000, 30_000, 120_000, 300_000] as const;
/** So many at once are read as one list of all: for no more than a tenth of the time. */
const MANY = 9;
const REST_FOR_MANY = 9;

export function createKnownAllocations(parts: KnownAllocationsParts): KnownAllocations {
  const { schedulers, clock, observer, closing, isUsed, isShown, changed } = parts;
  const told = new Map<string, Told>();
  const untold = new Map<string, Untold>();
  /** How many questions for each are waited for. */
  const asking = new Map<string, number>();
  /** The codes of the errors since a Nomad's last answer; each is reported once. */
  const troubles = new Map<string, ReadonlySet<string>>();
  let isUnknownReported = false;
  let notBeforeMs = 0;

  const isSilent = (name: string) => (troubles.get(name)?.size ?? 0) > 0;

  /** Returns whether the Nomad has answered. */
  async function askOne(scheduler: AllocationScheduler, ids: readonly string[]): Promise<boolean> {
    const { name } = scheduler;
    try {
      const news: string[] = [];
      const asked = new Set(ids);
      for (const allocation of await scheduler.allocations(ids, closing)) {
        if (!asked.has(allocation.id) && !isUsed(allocation.id)) continue;
        if (learn(allocation, scheduler)) news.push(allocation.id);
      }
      if (isSilent(name)) observer.allocationsTold(name);
      troubles.delete(name);
      if (news.length > 0) changed(news);
      return true;
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      const known = troubles.get(name) ?? new Set();
      if (!closing.aborted && !known.has(error.code)) observer.allocationsUntold(name, error);
      troubles.set(name, new Set([...known, error.code]));
      return false;
    }
  }

  /** Returns whether this says anything new. */
  function learn(read: Allocation, scheduler: AllocationScheduler): boolean {
    const { id } = read;
    const before = told.get(id);
    const allocation = withDefinition(read, before?.allocation);
    const isLate = before?.scheduler === scheduler && allocation.modifyIndex < before.allocation.modifyIndex;
    const nowMs = clock.nowMs();
    if (isLate) {
      told.set(id, { ...before, dueAtMs: nowMs + 1_000 });
      return false;
    }
    const isNews = before === undefined || !isSame(before.allocation, allocation);
    const sinceMs = isNews ? nowMs : before.sinceMs;
    const isProven =
      before !== undefined && before.allocation.deployment !== "healthy" && allocation.deployment === "healthy";
    const provenAtMs = isProven ? nowMs : before?.provenAtMs;
    const dueAtMs = nowMs + nextLookMs(allocation, nowMs - sinceMs);
    told.set(id, { allocation, scheduler, sinceMs, provenAtMs, dueAtMs });
    untold.delete(id);
    return isNews;
  }

  /** Asks every Nomad; what none of them tells is due again later. */
  async function askForNew(ids: readonly string[]): Promise<void> {
    for (const id of ids) noteUntold(id, false);
    const all = Promise.all(schedulers.map((one) => askOne(one, ids)));
    await waitedFor(ids, all);
    const areAnswered = (await all).every((isAnswered) => isAnswered);
    const unknown = areAnswered ? ids.filter((id) => untold.has(id)) : [];
    if (unknown.length > 0) noteForeign(unknown);
    const [first] = unknown;
    if (first === undefined || isUnknownReported || closing.aborted) return;
    isUnknownReported = true;
    observer.allocationUnknown(first, unknown.length);
  }

  /** Counts these as being asked for until there is an answer, or patience is over. */
  async function waitedFor(ids: readonly string[], answer: Promise<unknown>): Promise<void> {
    const isAnyAwaited = schedulers.some(({ name }) => !isSilent(name));
    const answered = new AbortController();
    const end = answer.finally(() => answered.abort());
    if (isAnyAwaited) for (const id of ids) asking.set(id, (asking.get(id) ?? 0) + 1);
    await Promise.race([end, clock.sleep(PATIENCE_MS, answered.signal)]);
    if (!isAnyAwaited) return changed(ids);
    for (const id of ids) {
      const left = (asking.get(id) ?? 1) - 1;
      if (left > 0) asking.set(id, left);
      else asking.delete(id);
    }
    changed(ids);
  }

  /** All Nomads have said that they do not know them: what follows from that is news, too. */
  function noteForeign(ids: readonly string[]): void {
    for (const id of ids) {
      const known = untold.get(id);
      if (known !== undefined) untold.set(id, { ...known, isAnswered: true });
    }
    changed(ids);
  }

  function noteUntold(id: string, isAnswered: boolean): void {
    const times = (untold.get(id)?.times ?? 0) + 1;
    const pauseMs = ASK_AGAIN_MS[Math.min(times, ASK_AGAIN_MS.length) - 1] ?? 0;
    untold.set(id, { times, dueAtMs: clock.nowMs() + pauseMs, isAnswered });
  }

  async function askAll(ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return;
    for (const id of ids) noteUntold(id, untold.get(id)?.isAnswered === true);
    const areAnswered = await Promise.all(schedulers.map((one) => askOne(one, ids)));
    const open = ids.filter((id) => untold.get(id)?.isAnswered === false);
    if (areAnswered.every((isAnswered) => isAnswered) && open.length > 0) noteForeign(open);
  }

  async function askTheirNomads(due: readonly Told[]): Promise<void> {
    if (due.length === 0) return;
    const byScheduler = Map.groupBy(due, ({ scheduler }) => scheduler);
    const startedAtMs = clock.nowMs();
    await Promise.all(
      Array.from(byScheduler, ([scheduler, own]) =>
        askOne(
          scheduler,
          own.map(({ allocation }) => allocation.id),
        ),
      ),
    );
    const nowMs = clock.nowMs();
    if (due.length >= MANY) notBeforeMs = nowMs + REST_FOR_MANY * (nowMs - startedAtMs);
    // What a Nomad does not tell any more, or does not answer for, is looked at again all the same.
    for (const one of due) {
      const { id } = one.allocation;
      const known = told.get(id);
      if (known !== undefined && known.dueAtMs <= nowMs) told.set(id, { ...known, dueAtMs: nowMs + ASK_AGAIN_MS[0] });
    }
  }

  /** Few of thousands: whatever happens, it is asked what is due. */
  function* dueBy(all: ReadonlyMap<string, { readonly dueAtMs: number }>, nowMs: number): Iterable<string> {
    for (const [id, { dueAtMs }] of all) if (dueAtMs <= nowMs && isShown(id)) yield id;
  }

  return {
    get: (id) => told.get(id),
    isAsking: (id) => asking.has(id),
    isForeign: (id) => untold.get(id)?.isAnswered === true,
    areDenied: () => schedulers.every(({ name }) => troubles.get(name)?.has("E_CATALOG_DENIED") === true),
    ask(ids) {
      const unknown = [...ids].filter((id) => !told.has(id) && !untold.has(id));
      if (unknown.length > 0) void askForNew(unknown);
    },
    async lookAgain(ids) {
      const open = [...ids].filter((id) => told.get(id)?.allocation.isStopped !== true);
      if (open.length === 0) return;
      const known = open.map((id) => told.get(id)).filter((one) => one !== undefined);
      const unknown = open.filter((id) => !told.has(id));
      const answer = Promise.all([askTheirNomads(known), askAll(unknown)]);
      await waitedFor(open, answer);
      await answer;
    },
    forget() {
      for (const known of [told, untold]) for (const id of known.keys()) if (!isUsed(id)) known.delete(id);
    },
    dueAtMs() {
      let earliestMs = Number.POSITIVE_INFINITY;
      for (const [id, { dueAtMs }] of told) {
        if (dueAtMs < earliestMs && isShown(id)) earliestMs = Math.max(dueAtMs, notBeforeMs);
      }
      for (const [id, { dueAtMs }] of untold) if (isShown(id)) earliestMs = Math.min(earliestMs, dueAtMs);
      return earliestMs;
    },
    async askWhatIsDue() {
      const nowMs = clock.nowMs();
      await askAll([...dueBy(untold, nowMs)]);
      const due = notBeforeMs > nowMs ? [] : [...dueBy(told, nowMs)];
      await askTheirNomads(due.map((id) => told.get(id)).filter((one) => one !== undefined));
    },
  };
}

/** A list does not say whether its group has checks; that is known from before, of the same version. */
function withDefinition(read: Allocation, before: Allocation | undefined): Allocation {
  const { hasChecks, jobVersion } = before ?? {};
  if (read.hasChecks !== undefined || hasChecks === undefined || read.jobVersion !== jobVersion) return read;
  return { ...read, hasChecks };
}

function isSame(one: Allocation, other: Allocation): boolean {
  const meaning = ({ modifyIndex: _, ...rest }: Allocation) => JSON.stringify(rest);
  return meaning(one) === meaning(other);
}
