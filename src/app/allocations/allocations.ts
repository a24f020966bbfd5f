import type { Clock } from "../../base/clock.ts";
import { createDeferred } from "../../base/deferred.ts";
import { AppError } from "../../base/errors.ts";
import { registrationKey } from "../../core/catalog/address-key.ts";
import { type Allocation, type AllocationWord, allocationIdOf } from "../../core/catalog/allocation.ts";
import { allocationWord } from "../../core/catalog/allocation-word.ts";
import type { ServiceInstance } from "../../core/catalog/snapshot.ts";
import type { AllocationsObserver } from "../../observe/observer.ts";
import type { OpenedScheduler } from "../schedulers/open-schedulers.ts";

export interface AllocationsParts {
  readonly schedulers: readonly Pick<OpenedScheduler, "name" | "allocations">[];
  readonly clock: Clock;
  readonly observer: AllocationsObserver;
}

/**
 * What the Nomads say of the allocations that instances name in their ids. Each allocation is asked for once, since nothing
 * of it changes; a canary is asked after until it is promoted, and one that no Nomad tells now and then. What was known
 * stays while a Nomad does not answer.
 */
export interface Allocations {
  /** What is known of the allocation behind an instance; undefined where nothing is. */
  wordOf(instance: ServiceInstance): AllocationWord | undefined;
  /** Whether a Nomad is being asked for the allocation of this instance, and will answer in a moment. */
  isAwaited(instance: ServiceInstance): boolean;
  /** Counts what these instances name as in use, and asks for what is not known; what no catalog uses is forgotten. */
  use(catalog: string, instances: readonly ServiceInstance[]): void;
  /** What was known of these instances before a restart. It stands in until a Nomad answers. */
  recall(instances: readonly ServiceInstance[]): void;
  /** Calls back when something is known that was not, or a canary was promoted, or nothing is awaited any more. */
  onNews(listener: () => void): void;
  /** Asks again, for what is due, until aborted. */
  run(signal: AbortSignal): Promise<void>;
  close(): void;
}

/** An instance that is new is not charted before a Nomad has said whether it is a canary, but for no longer than this. */
const PATIENCE_MS = 2_000;
/** After the first question, the second, and so on: the allocation may be another cluster's, or the token gets its right. */
const ASK_AGAIN_MS = [5_000, 30_000, 120_000, 300_000] as const;
/** So soon a promotion is noticed; it costs a small answer for each canary, only while there is one. */
const CANARY_MS = 2_000;

interface Told {
  readonly allocation: Allocation;
  readonly nomad: string;
}

interface Untold {
  /** How often all Nomads have been asked. */
  readonly times: number;
  readonly dueAtMs: number;
}

export function createAllocations({ schedulers, clock, observer }: AllocationsParts): Allocations {
  const told = new Map<string, Told>();
  const untold = new Map<string, Untold>();
  const asking = new Set<string>();
  /** By registration: at another address what was known before does not count. */
  const recalled = new Map<string, AllocationWord>();
  const inUse = new Map<string, ReadonlySet<string>>();
  /** The codes of the errors since a Nomad's last answer; each is reported once. */
  const troubles = new Map<string, ReadonlySet<string>>();
  const closing = new AbortController();
  const listeners: (() => void)[] = [];
  let isUnknownReported = false;
  let canariesDueAtMs = Number.POSITIVE_INFINITY;
  let wake = createDeferred();

  const isSilent = (name: string) => (troubles.get(name)?.size ?? 0) > 0;
  const tell = () => {
    for (const listener of listeners) listener();
  };

  /** Returns whether the Nomad has answered. */
  async function ask({ name, allocations }: AllocationsParts["schedulers"][number], ids: readonly string[]) {
    try {
      let isNews = false;
      for (const allocation of await allocations(ids, closing.signal)) {
        if (!ids.includes(allocation.id) && !isUsed(allocation.id)) continue;
        const before = told.get(allocation.id)?.allocation;
        isNews ||= before === undefined || before.isCanary !== allocation.isCanary;
        told.set(allocation.id, { allocation, nomad: name });
        untold.delete(allocation.id);
        if (allocation.isCanary) canariesDueAtMs = Math.min(canariesDueAtMs, clock.nowMs() + CANARY_MS);
      }
      if (isSilent(name)) observer.allocationsTold(name);
      troubles.delete(name);
      if (isNews) tell();
      return true;
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      const known = troubles.get(name) ?? new Set();
      if (!closing.signal.aborted && !known.has(error.code)) observer.allocationsUntold(name, error);
      troubles.set(name, new Set([...known, error.code]));
      return false;
    }
  }

  function isUsed(id: string): boolean {
    return [...inUse.values()].some((ids) => ids.has(id));
  }

  /** Asks every Nomad; what none of them tells is due again later. */
  async function askForNew(ids: readonly string[]): Promise<void> {
    const isAnyAwaited = schedulers.some(({ name }) => !isSilent(name));
    if (isAnyAwaited) for (const id of ids) asking.add(id);
    for (const id of ids) noteUntold(id);
    const answered = new AbortController();
    const all = Promise.all(schedulers.map((one) => ask(one, ids))).finally(() => answered.abort());
    await Promise.race([all, clock.sleep(PATIENCE_MS, answered.signal)]);
    let wasAwaited = false;
    for (const id of ids) wasAwaited = asking.delete(id) || wasAwaited;
    if (wasAwaited) tell();
    wake.resolve();
    const areAnswered = (await all).every((isAnswered) => isAnswered);
    const unknown = areAnswered ? ids.filter((id) => untold.has(id)) : [];
    const [first] = unknown;
    if (first === undefined || isUnknownReported || closing.signal.aborted) return;
    isUnknownReported = true;
    observer.allocationUnknown(first, unknown.length);
  }

  function noteUntold(id: string): void {
    const times = (untold.get(id)?.times ?? 0) + 1;
    const pauseMs = ASK_AGAIN_MS[Math.min(times, ASK_AGAIN_MS.length) - 1] ?? 0;
    untold.set(id, { times, dueAtMs: clock.nowMs() + pauseMs });
  }

  function canaries(): readonly string[] {
    return [...told.values()].filter(({ allocation }) => allocation.isCanary).map(({ allocation }) => allocation.id);
  }

  async function askWhatIsDue(): Promise<void> {
    const nowMs = clock.nowMs();
    const due = [...untold].filter(([, { dueAtMs }]) => dueAtMs <= nowMs).map(([id]) => id);
    if (due.length > 0) {
      for (const id of due) noteUntold(id);
      await Promise.all(schedulers.map((one) => ask(one, due)));
    }
    if (canariesDueAtMs > nowMs) return;
    canariesDueAtMs = Number.POSITIVE_INFINITY;
    const trial = canaries();
    if (trial.length === 0) return;
    for (const one of schedulers) {
      const own = trial.filter((id) => told.get(id)?.nomad === one.name);
      if (own.length > 0) await ask(one, own);
    }
    if (canaries().length > 0) canariesDueAtMs = clock.nowMs() + CANARY_MS;
  }

  return {
    wordOf(instance) {
      const id = allocationIdOf(instance.id);
      const known = id === undefined ? undefined : told.get(id);
      return known === undefined
        ? recalled.get(registrationKey(instance))
        : allocationWord(instance, known.allocation, known.nomad);
    },
    isAwaited(instance) {
      const id = asking.size === 0 ? undefined : allocationIdOf(instance.id);
      return id !== undefined && asking.has(id) && !recalled.has(registrationKey(instance));
    },
    use(catalog, instances) {
      const ids = new Set(instances.map(({ id }) => allocationIdOf(id)).filter((id) => id !== undefined));
      inUse.set(catalog, ids);
      for (const known of [told, untold]) for (const id of known.keys()) if (!isUsed(id)) known.delete(id);
      const unknown = [...ids].filter((id) => !told.has(id) && !untold.has(id));
      if (unknown.length > 0) void askForNew(unknown);
    },
    recall(instances) {
      for (const instance of instances) {
        if (instance.allocation !== undefined) recalled.set(registrationKey(instance), instance.allocation);
      }
    },
    onNews(listener) {
      listeners.push(listener);
    },
    async run(signal) {
      while (!signal.aborted) {
        wake = createDeferred();
        const dueAtMs = Math.min(canariesDueAtMs, ...[...untold.values()].map((one) => one.dueAtMs));
        const woken = new AbortController();
        void wake.promise.then(() => woken.abort());
        const pauseMs = Math.min(Math.max(0, dueAtMs - clock.nowMs()), ASK_AGAIN_MS[3]);
        await clock.sleep(pauseMs, AbortSignal.any([signal, woken.signal]));
        if (!signal.aborted) await askWhatIsDue();
      }
    },
    close: () => closing.abort(),
  };
}
