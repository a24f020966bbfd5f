import type { Clock } from "../../base/clock.ts";
import { createDeferred } from "../../base/deferred.ts";
import { registrationKey } from "../../core/catalog/address-key.ts";
import { type AllocationHealth, type AllocationWord, allocationIdOf } from "../../core/catalog/allocation.ts";
import { allocationHealth, type HealthSource, hasEnded } from "../../core/catalog/allocation-health.ts";
import { allocationWord } from "../../core/catalog/allocation-word.ts";
import { type DepartedInstance, instanceKey, type ServiceInstance, serviceKey } from "../../core/catalog/snapshot.ts";
import type { AllocationsObserver } from "../../observe/observer.ts";
import type { AllocationHint } from "../../sources/catalog/allocation-hint.ts";
import { createCheckPolls } from "./check-polls.ts";
import { createDepartures, type Departed } from "./departures.ts";
import { createDrains } from "./drains.ts";
import { type AllocationScheduler, createKnownAllocations, type Told } from "./known-allocations.ts";

export interface AllocationsParts {
  readonly schedulers: readonly AllocationScheduler[];
  readonly clock: Clock;
  readonly observer: AllocationsObserver;
  /** From 0 to 1: spreads the polls. Default: at random. */
  random?(): number;
}

/** The catalog whose instances are meant, and by what those of Nomad's own count as fit to serve. */
export interface AskingCatalog {
  readonly name: string;
  readonly health: HealthSource;
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
  /** Something may have happened to allocations; those that are in use are asked for at once. */
  hinted(hint: AllocationHint): void;
  /** What was known of these instances before a restart. It stands in until a Nomad answers. */
  recall(catalog: AskingCatalog, instances: readonly ServiceInstance[]): void;
  /** Calls back when something is known that was not, or nothing is awaited any more. */
  onNews(listener: () => void): void;
  /** Asks again, for what is due, until aborted. */
  run(signal: AbortSignal): Promise<void>;
  close(): void;
}

const LONGEST_SLEEP_MS = 300_000;
/** So long an instance that has left keeps its traffic at most, until its Nomad says whether it has stopped it. */
const LEAVING_MS = 500;
/** When a Nomad is asked again about those that have left, should its first answer have been too early. */
const LEFT_AGAIN_MS = [1_000, 5_000, 20_000] as const;

interface Use {
  readonly ids: ReadonlySet<string>;
  /** Of Nomad's own services whose checks count. */
  readonly checked: ReadonlySet<string>;
}

export function createAllocations({
  schedulers,
  clock,
  observer,
  random = Math.random,
}: AllocationsParts): Allocations {
  /** By registration: at another address what was known before does not count. */
  const recalled = new Map<string, AllocationWord | undefined>();
  const uses = new Map<string, Use>();
  const departures = createDepartures(clock);
  const listeners: (() => void)[] = [];
  const closing = new AbortController();
  /** Those to look at again, with the index of the write that is to be read; none where any answer before this does not count. */
  const hinted = new Map<string, bigint | undefined>();
  let isLookingAtHinted = false;
  let wake = createDeferred();

  const tell = () => {
    if (!closing.signal.aborted) for (const listener of listeners) listener();
  };
  const known = createKnownAllocations({
    ...{ schedulers, clock, observer, closing: closing.signal },
    isUsed: (id) => used().has(id),
    isShown: (id) => [...uses.values()].some(({ ids }) => ids.has(id)),
    changed() {
      followChecks();
      wake.resolve();
      tell();
      void lookAtHinted();
    },
  });
  const polls = createCheckPolls({ clock, observer, random, closing: closing.signal, changed: tell });

  const drains = createDrains({ schedulers, clock, isWanted: () => used().size > 0, changed: tell });

  let usedIds: ReadonlySet<string> | undefined;
  /** Those in the catalogs, and those that have left lately. */
  function used(): ReadonlySet<string> {
    usedIds ??= new Set([
      ...[...uses.values()].flatMap(({ ids }) => [...ids]),
      ...[...uses.keys()]
        .flatMap((catalog) => Array.from(departures.of(catalog), idOf))
        .filter((id) => id !== undefined),
    ]);
    return usedIds;
  }

  function followChecks(): void {
    const checked = new Set([...uses.values()].flatMap((use) => [...use.checked]));
    const told = [...checked].map((id) => known.get(id)).filter((one) => one !== undefined);
    polls.follow(told.filter(({ allocation }) => mayBeChecked(allocation)));
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

  function departedWith(departed: Departed): DepartedInstance {
    const { instance } = departed;
    const id = idOf(departed);
    const told = id === undefined ? undefined : known.get(id);
    const word = told === undefined ? undefined : allocationWord(instance, told.allocation, told.scheduler.name);
    const isStopped = word?.kind === "of-job" && word.isStopped === true;
    return { instance: instanceKey(instance), service: serviceKey(instance), isStopped };
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
    use({ name, health }, instances) {
      const ids = new Set<string>();
      const checked = new Set<string>();
      for (const { id, catalog } of instances) {
        const allocation = allocationIdOf(id);
        if (allocation === undefined) continue;
        ids.add(allocation);
        if (health === "checks" && catalog === "nomad") checked.add(allocation);
      }
      uses.set(name, { ids, checked });
      const gone = departures.note(name, instances).map(({ id }) => allocationIdOf(id));
      usedIds = undefined;
      known.forget();
      const left = gone.filter((id) => id !== undefined);
      known.ask([...ids, ...left]);
      if (left.length > 0) void askAfter(left);
      followChecks();
      wake.resolve();
    },
    isSettled: () => drains.areAsked() && ![...used()].some((id) => known.isAsking(id) || polls.isAwaited(id)),
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
        .filter((one) => {
          const id = idOf(one);
          return id !== undefined && nowMs < one.goneAtMs + LEAVING_MS && known.isAsking(id);
        })
        .map(({ instance }) => instance);
    },
    hinted({ allocations, deployments, isAnything }) {
      for (const id of used()) {
        const index = allocations.get(id);
        const { namespace, job } = known.get(id)?.allocation ?? {};
        if (isAnything || deployments.has(`${namespace}/${job}`)) hinted.set(id, undefined);
        else if (index !== undefined && !(hinted.has(id) && hinted.get(id) === undefined)) hinted.set(id, index);
      }
      void lookAtHinted();
    },
    recall({ name }, instances) {
      departures.recall(name, instances);
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
    void clock.sleep(LEAVING_MS, closing.signal).then(tell);
    for (const pauseMs of LEFT_AGAIN_MS) {
      await clock.sleep(pauseMs, closing.signal);
      if (closing.signal.aborted) return;
      await known.lookAgain(left.filter((id) => used().has(id)));
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

function idOf({ instance }: Departed): string | undefined {
  return allocationIdOf(instance.id);
}

function mayBeChecked(allocation: Told["allocation"]): boolean {
  return allocation.clientStatus !== "pending" && !allocation.isStopped && !hasEnded(allocation);
}
