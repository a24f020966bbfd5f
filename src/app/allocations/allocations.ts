import type { Clock } from "../../base/clock.ts";
import { createDeferred } from "../../base/deferred.ts";
import { registrationKey } from "../../core/catalog/address-key.ts";
import { type AllocationHealth, type AllocationWord, allocationIdOf } from "../../core/catalog/allocation.ts";
import { allocationHealth, type HealthSource, hasEnded } from "../../core/catalog/allocation-health.ts";
import { allocationWord } from "../../core/catalog/allocation-word.ts";
import { lastOfServices } from "../../core/catalog/last-of-services.ts";
import { type DepartedInstance, instanceKey, type ServiceInstance, serviceKey } from "../../core/catalog/snapshot.ts";
import type { AllocationsObserver } from "../../observe/observer.ts";
import type { AllocationHint } from "../../sources/catalog/allocation-hint.ts";
import type { AskingCatalog } from "./asking-catalog.ts";
import { createCheckPolls } from "./check-polls.ts";
import { createDepartures, type Departed } from "./departures.ts";
import { createDrains } from "./drains.ts";
import { createEndedJobs } from "./ended-jobs.ts";
import { type AllocationScheduler, createKnownAllocations, type Told } from "./known-allocations.ts";
import { createUsedAllocations } from "./used-allocations.ts";

export interface AllocationsParts {
  readonly schedulers: readonly AllocationScheduler[];
  readonly clock: Clock;
  readonly observer: AllocationsObserver;
  /** From 0 to 1: spreads the polls. Default: at random. */
  random?(): number;
}

/** What the Nomads say of the allocations that instances name in their ids. */
export interface Allocations {
  /** What is known of the allocation behind an instance; undefined where nothing is, and no Nomad is still to say it. */
  wordOf(catalog: AskingCatalog, instance: ServiceInstance): AllocationWord | undefined;
  /** Whether a Nomad is being asked for this instance, which is new, and will answer in a moment. */
  isAwaited(catalog: AskingCatalog, instance: ServiceInstance): boolean;
  /**
   * Counts what these instances name as in use, and asks for what is not known, and for those that have left; what no catalog
   * uses is forgotten.
   */
  use(catalog: AskingCatalog, instances: readonly ServiceInstance[]): void;
  /** Whether nothing is awaited: each Nomad has said what it can, or was given the time for it. Needs `run`. */
  isSettled(): boolean;
  /** The instances that have left, of services of which Nomad has stopped any; by their services, in their order. */
  departed(catalog: AskingCatalog): readonly DepartedInstance[];
  /** Those that have just left and of which a Nomad will say in a moment whether it has stopped them. */
  leaving(catalog: AskingCatalog): readonly ServiceInstance[];
  /** By what the instances of a catalog count as fit, where the token does not let be used what is wanted. */
  healthInUse(catalog: AskingCatalog): HealthSource;
  /** Something may have happened to allocations; those that are in use are asked for at once. */
  hinted(hint: AllocationHint): void;
  /** What was known of these instances before a restart. It stands in until a Nomad answers. */
  recall(catalog: AskingCatalog, instances: readonly ServiceInstance[]): void;
  /** Calls back when something is known that was not, or nothing is awaited any more. */
  onNews(listener: NewsListener): void;
  /** Asks again, for what is due, until aborted. */
  run(signal: AbortSignal): Promise<void>;
  close(): void;
}

/** The allocations of which something else is said now, or nothing awaited; undefined where it may be any. */
export type NewsListener = (ids: readonly string[] | undefined) => void;

const LONGEST_SLEEP_MS = 300_000;
/** So long an instance that has left keeps its traffic at most, until its Nomad says whether it has stopped it. */
const LEAVING_MS = 500;
/** When a Nomad is asked again about those that have left, should its first answer have been too early. */
const LEFT_AGAIN_MS = [1_000, 5_000, 20_000] as const;

export function createAllocations({
  schedulers,
  clock,
  observer,
  random = Math.random,
}: AllocationsParts): Allocations {
  /** By registration: at another address what was known before does not count. */
  const recalled = new Map<string, AllocationWord | undefined>();
  const uses = createUsedAllocations();
  const departures = createDepartures(clock);
  /** Allocations of the last instances of services, until Nomad has said that it stopped them. */
  const lastOnes = new Set<string>();
  const listeners: NewsListener[] = [];
  const closing = new AbortController();
  /** Those to look at again, with the index of the write that is to be read; none where any answer before this does not count. */
  const hinted = new Map<string, bigint | undefined>();
  let isLookingAtHinted = false;
  let wake = createDeferred();

  const tell = (ids?: readonly string[]) => {
    if (!closing.signal.aborted) for (const listener of listeners) listener(ids);
  };
  const known = createKnownAllocations({
    ...{ schedulers, clock, observer, closing: closing.signal },
    isUsed,
    isShown: uses.isShown,
    changed(ids) {
      followChecks(ids);
      askForTheirJobs(ids);
      wake.resolve();
      tell(ids);
      void lookAtHinted();
    },
  });
  const polls = createCheckPolls({ clock, observer, random, closing: closing.signal, changed: tell });
  const jobs = createEndedJobs(closing.signal, (id) => tell([id]));
  const drains = createDrains({ schedulers, clock, isWanted, changed: () => tell() });

  /** Is it in a catalog, or has left it lately? */
  function isUsed(id: string): boolean {
    return uses.isShown(id) || departedIds().has(id);
  }

  function isWanted(): boolean {
    for (const _ of usedIds()) return true;
    return false;
  }

  let departedNow: ReadonlySet<string> | undefined;
  function departedIds(): ReadonlySet<string> {
    departedNow ??= new Set(Array.from(departures.all(), ({ id }) => id).filter((id) => id !== undefined));
    return departedNow;
  }

  /** Those of which `isUsed` is true; one that is in a catalog and has left another comes twice. */
  function* usedIds(): Iterable<string> {
    yield* uses.ids();
    yield* departedIds();
  }

  function followChecks(ids: Iterable<string>): void {
    const followed: Told[] = [];
    const left: string[] = [];
    for (const id of ids) {
      const told = uses.isChecked(id) ? known.get(id) : undefined;
      if (told !== undefined && mayBeChecked(told.allocation)) followed.push(told);
      else left.push(id);
    }
    polls.leave(left);
    polls.follow(followed);
  }

  /** Of those that have just left, the ones that leave a service without instances: was that the end of their job? */
  function noteLast(gone: readonly ServiceInstance[], instances: readonly ServiceInstance[]): void {
    const ids = lastOfServices(gone, instances)
      .map(({ id }) => allocationIdOf(id))
      .filter((id) => id !== undefined);
    for (const id of ids) lastOnes.add(id);
    askForTheirJobs(ids);
  }

  function askForTheirJobs(ids: readonly string[]): void {
    for (const id of ids) {
      const told = lastOnes.has(id) ? known.get(id) : undefined;
      if (told?.allocation.isStopped !== true) continue;
      lastOnes.delete(id);
      jobs.ask(told);
    }
  }

  function healthOf(told: Told, instance: ServiceInstance, by: HealthSource): AllocationHealth | undefined {
    const { allocation, scheduler } = told;
    if (by !== "checks") return allocationHealth(allocation, undefined, by);
    if (polls.isDenied(scheduler.name, allocation.namespace))
      return allocationHealth(allocation, undefined, "deployment");
    // A deployment that finds it healthy knows more than what was read before that.
    const results = polls
      .resultsOf(allocation.id, told.provenAtMs)
      ?.filter(({ service }) => service === instance.service);
    const health = allocationHealth(allocation, results, by);
    if (results !== undefined || told.provenAtMs !== undefined || health?.status === "failed") return health;
    const before = recalled.get(registrationKey(instance));
    return (before?.kind === "of-job" ? before.health : undefined) ?? health;
  }

  function departedWith({ instance, id }: Departed): DepartedInstance {
    const told = id === undefined ? undefined : known.get(id);
    const word = told === undefined ? undefined : allocationWord(instance, told.allocation, told.scheduler.name);
    const isStopped = word?.kind === "of-job" && word.isStopped === true;
    const isJobStopped = isStopped && told !== undefined && jobs.isEnded(told);
    const { service, instance: key } = { service: serviceKey(instance), instance: instanceKey(instance) };
    return { instance: key, service, isStopped, ...(isJobStopped ? { isJobStopped } : {}) };
  }

  return {
    wordOf({ health }, instance) {
      const id = allocationIdOf(instance.id);
      if (id === undefined) return undefined;
      const told = known.get(id);
      if (told !== undefined) {
        const { allocation, scheduler } = told;
        const isLeaving = allocation.isLeaving || drains.isDrained(scheduler, allocation.node);
        return allocationWord(instance, { ...allocation, isLeaving }, scheduler.name, healthOf(told, instance, health));
      }
      const key = registrationKey(instance);
      if (recalled.has(key)) return recalled.get(key);
      return known.isForeign(id) ? undefined : { kind: "untold" };
    },
    isAwaited({ health }, instance) {
      const id = allocationIdOf(instance.id);
      if (id === undefined || recalled.has(registrationKey(instance))) return false;
      if (known.isAsking(id) && known.get(id) === undefined) return true;
      if (health !== "checks" || instance.catalog !== "nomad" || !polls.isAwaited(id)) return false;
      return known.get(id)?.allocation.deployment !== "healthy";
    },
    use(catalog, instances) {
      const touched = uses.note(catalog, instances);
      const departedBefore = departedIds();
      const gone = departures.note(catalog.name, instances);
      departedNow = undefined;
      if (gone.length > 0 || departedIds().size !== departedBefore.size) {
        known.forget();
        for (const id of lastOnes) if (!isUsed(id)) lastOnes.delete(id);
        jobs.keep(Array.from(departedIds(), known.get).filter((told) => told !== undefined));
      }
      noteLast(gone, instances);
      const left = gone.map(({ id }) => allocationIdOf(id)).filter((id) => id !== undefined);
      known.ask([...touched].filter(isUsed));
      if (left.length > 0) void askAfter(left);
      followChecks(touched);
      wake.resolve();
    },
    isSettled: () => drains.areAsked() && ![...usedIds()].some((id) => known.isAsking(id) || polls.isAwaited(id)),
    departed({ name }) {
      const all = Array.from(departures.of(name), departedWith);
      const stopped = new Set(all.filter(({ isStopped }) => isStopped).map(({ service }) => service));
      return all
        .filter(({ service }) => stopped.has(service))
        .sort((one, other) => (one.instance < other.instance ? -1 : 1));
    },
    leaving({ name }) {
      const nowMs = clock.nowMs();
      return Array.from(departures.of(name))
        .filter(({ id, goneAtMs }) => {
          if (id === undefined || nowMs >= goneAtMs + LEAVING_MS) return false;
          const told = known.get(id);
          return known.isAsking(id) || (told !== undefined && jobs.isAsking(told));
        })
        .map(({ instance }) => instance);
    },
    healthInUse({ health }) {
      if (health === "none" || known.areDenied()) return "none";
      return health === "checks" && polls.isAnyDenied() ? "deployment" : health;
    },
    hinted({ allocations, deployments, isAnything }) {
      if (isAnything) for (const id of usedIds()) hinted.set(id, undefined);
      for (const [id, index] of allocations) {
        if (isUsed(id) && !(hinted.has(id) && hinted.get(id) === undefined)) hinted.set(id, index);
      }
      if (deployments.size > 0) {
        for (const id of usedIds()) {
          const { namespace, job } = known.get(id)?.allocation ?? {};
          if (deployments.has(`${namespace}/${job}`)) hinted.set(id, undefined);
        }
      }
      void lookAtHinted();
    },
    recall({ name }, instances) {
      departures.recall(name, instances);
      departedNow = undefined;
      for (const instance of instances) {
        if (allocationIdOf(instance.id) !== undefined) recalled.set(registrationKey(instance), instance.allocation);
      }
    },
    onNews(listener) {
      listeners.push(listener);
    },
    async run(signal) {
      await Promise.all([polls.run(signal), drains.run(signal), askAgain(signal)]);
    },
    close: () => closing.abort(),
  };

  /** One round after the other: what is hinted at meanwhile waits for the next, however much it is. */
  async function lookAtHinted(): Promise<void> {
    if (isLookingAtHinted) return;
    isLookingAtHinted = true;
    for (let ids = takeHinted(); ids.length > 0 && !closing.signal.aborted; ids = takeHinted()) {
      await known.lookAgain(ids);
    }
    isLookingAtHinted = false;
  }

  /** Of those that are hinted at, the ones to ask for now. The answer that is under way for others may say it already. */
  function takeHinted(): readonly string[] {
    const ids: string[] = [];
    for (const [id, index] of hinted) {
      if (known.isAsking(id)) continue;
      hinted.delete(id);
      const readAt = known.get(id)?.allocation.modifyIndex;
      if (index === undefined || readAt === undefined || readAt < index) ids.push(id);
    }
    return ids;
  }

  async function askAfter(left: readonly string[]): Promise<void> {
    void known.lookAgain(left);
    void clock.sleep(LEAVING_MS, closing.signal).then(() => tell([]));
    for (const pauseMs of LEFT_AGAIN_MS) {
      await clock.sleep(pauseMs, closing.signal);
      if (closing.signal.aborted) return;
      await known.lookAgain(left.filter(isUsed));
    }
  }

  async function askAgain(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      wake = createDeferred();
      const woken = new AbortController();
      void wake.promise.then(() => woken.abort());
      const pauseMs = Math.min(Math.max(0, known.dueAtMs() - clock.nowMs()), LONGEST_SLEEP_MS);
      await clock.sleep(pauseMs, AbortSignal.any([signal, woken.signal]));
      if (!signal.aborted) await known.askWhatIsDue();
    }
  }
}

function mayBeChecked(allocation: Told["allocation"]): boolean {
  return allocation.clientStatus !== "pending" && !allocation.isStopped && !hasEnded(allocation);
}
