import { isDeepStrictEqual } from "node:util";
import type { CatalogSnapshot, PartialViewReason, ServiceInstance } from "../../core/catalog/snapshot.ts";
import type { IndexOf } from "./index-of.ts";

interface Entry {
  readonly instances: readonly ServiceInstance[];
  /** Of the last own answer of this service; undefined where what is known came otherwise. */
  index: IndexOf<"service"> | undefined;
  heardAt: Moment;
}

/** A point in the order of what the store is told, to compare with others of the same store. */
export type Moment = number;

/** By what an answer is compared with what is known. */
export type Age =
  /** An answer of the service's own long poll: it is always believed. */
  | { readonly from: "watch"; readonly index: IndexOf<"service"> | undefined }
  /** An own read of the service: one with a lower index than the last is older. */
  | { readonly from: "read"; readonly index: IndexOf<"service"> | undefined }
  /**
   * Part of a complete read. Where it came with no index of the service's own, or with that of what is known, whatever was
   * heard of the service since the read began is newer, and so is a removal in any case.
   */
  | { readonly from: "complete-read"; readonly began: Moment; readonly index: IndexOf<"service"> | undefined };

/** Keeps what one source knows, service by service, and calls back when it has changed. */
export interface SnapshotStore {
  /**
   * Tells it what an earlier process knew. Until the first snapshot is complete, instances that are the same as then become those
   * very objects: what has been made of them in the meantime is theirs, too.
   */
  recall(instances: readonly ServiceInstance[]): void;
  /** Nothing until every service of the first list has been read. */
  snapshot(): CatalogSnapshot | undefined;
  readonly size: number;
  has(service: string): boolean;
  /** The services that are known. What is put or removed meanwhile may show. */
  services(): Iterable<string>;
  instancesOf(service: string): readonly ServiceInstance[];
  /** Are these the instances that are known? */
  holds(service: string, instances: readonly ServiceInstance[]): boolean;
  /** Runs a complete read, and tells it when it began. What is removed meanwhile is remembered until its end. */
  duringRead<T>(read: (began: Moment) => Promise<T>): Promise<T>;
  /** Puts a service's instances, unless they are older than what is known. Returns whether that was news. */
  put(service: string, instances: readonly ServiceInstance[], age: Age): boolean;
  /** Would an own read of the service under this index be ignored? */
  knowsNewer(service: string, index: IndexOf<"service"> | undefined): boolean;
  /**
   * Removes a service that a list lacks. With the moment before which that list was not asked for, the service stays if
   * anything was heard of it since. Returns whether it was there.
   */
  remove(service: string, askedAt?: Moment): boolean;
  /** Removes the services that a watched list lacks. A complete read that is under way brings none of them back that it saw before. */
  keepOnly(listed: ReadonlySet<string>): void;
  /** Declares the snapshot complete, or read again completely. */
  complete(how: "read" | "confirmed", nowMs: number): void;
  /** The catalog's index fell back: older indexes mean nothing any more. */
  noteReset(nowMs: number): void;
  /** How often it has. */
  readonly resets: number;
  /**
   * The index of a list of all services, from whichever query: one that is lower than the last is a reset. It outlives the
   * queries, which end with their strategy, perhaps in the very moment in which the catalog comes back as another.
   */
  noteListIndex(index: IndexOf<"service-list">, nowMs: number): void;
  /** Why something may be missing, and which namespaces are denied; each change of it is a change of the snapshot. */
  notePartialViewReasons(reasons: readonly PartialViewReason[], deniedNamespaces?: readonly string[]): void;
}

export function createSnapshotStore(source: string, changed: () => void): SnapshotStore {
  const entries = new Map<string, Entry>();
  /** Of an earlier process, by their places. */
  const recalled = new Map<string, ServiceInstance>();
  /** When services were removed, while a complete read is under way that may still have seen them. */
  const removals = new Map<string, Moment>();
  /** The latest list, for the same: what it lacks need not have been known. */
  let latestList: { readonly names: ReadonlySet<string>; readonly heardAt: Moment } | undefined;
  let openReads = 0;
  let isComplete = false;
  let completeAtMs = 0;
  let confirmedAtMs: number | undefined;
  let resets = 0;
  let indexResetAtMs: number | undefined;
  let partialViewReasons: readonly PartialViewReason[] = [];
  let deniedNamespaces: readonly string[] = [];
  let listIndex: IndexOf<"service-list"> | undefined;
  let moment: Moment = 0;
  let built: CatalogSnapshot | undefined;

  function touchContent(): void {
    built = undefined;
    if (isComplete) changed();
  }

  function build(): CatalogSnapshot {
    // After each change, and of thousands of services: not by way of a second list.
    const instances: ServiceInstance[] = [];
    for (const entry of entries.values()) instances.push(...entry.instances);
    return {
      source,
      instances,
      freshness: "live",
      readAtMs: completeAtMs,
      ...(confirmedAtMs === undefined ? {} : { confirmedAtMs }),
      ...(indexResetAtMs === undefined ? {} : { indexResetAtMs }),
      ...(partialViewReasons.length === 0 ? {} : { partialViewReasons }),
      ...(deniedNamespaces.length === 0 ? {} : { deniedNamespaces }),
    };
  }

  function noteReset(nowMs: number): void {
    resets += 1;
    indexResetAtMs = nowMs;
    // The list's next index is another catalog's: that it is lower is no further reset.
    listIndex = undefined;
    for (const entry of entries.values()) entry.index = undefined;
    touchContent();
  }

  function knowsNewer(service: string, index: IndexOf<"service"> | undefined): boolean {
    const known = entries.get(service)?.index;
    return known !== undefined && index?.isLowerThan(known) === true;
  }

  function remove(service: string, askedAt?: Moment): boolean {
    const known = entries.get(service);
    moment += 1;
    if (openReads > 0 && askedAt === undefined) removals.set(service, moment);
    if (known === undefined || (askedAt !== undefined && isAfter(known.heardAt, askedAt))) return false;
    entries.delete(service);
    touchContent();
    return true;
  }

  function recalledAmong(instances: readonly ServiceInstance[]): readonly ServiceInstance[] {
    return recalled.size === 0 ? [] : instances.flatMap((instance) => recalled.get(placeOf(instance)) ?? []);
  }

  function isOutdated(service: string, age: Age): boolean {
    if (age.from === "watch") return false;
    if (age.from === "read") return knowsNewer(service, age.index);
    if (isAfter(removals.get(service), age.began)) return true;
    if (isAfter(latestList?.heardAt, age.began) && latestList?.names.has(service) === false) return true;
    const known = entries.get(service);
    if (age.index === undefined || known?.index === undefined) return isAfter(known?.heardAt, age.began);
    // An instance that takes another service's name leaves this one without moving its index (seen in Consul 1.8.7).
    if (age.index.isSameAs(known.index)) return isAfter(known.heardAt, age.began);
    return age.index.isLowerThan(known.index);
  }

  return {
    recall(instances) {
      for (const instance of instances) recalled.set(placeOf(instance), instance);
    },
    snapshot() {
      if (!isComplete) return undefined;
      built ??= build();
      return built;
    },
    get size() {
      return entries.size;
    },
    has: (service) => entries.has(service),
    services: () => entries.keys(),
    instancesOf: (service) => entries.get(service)?.instances ?? [],
    holds(service, instances) {
      const known = entries.get(service)?.instances ?? [];
      return keepUnchanged(known, instances) === known;
    },
    async duringRead(read) {
      openReads += 1;
      try {
        return await read(moment);
      } finally {
        openReads -= 1;
        if (openReads === 0) {
          removals.clear();
          latestList = undefined;
        }
      }
    },
    put(service, instances, age) {
      if (isOutdated(service, age)) return false;
      moment += 1;
      const known = entries.get(service);
      // Comparing content rather than the index: a moved index only means that it is worth looking again.
      const merged = keepUnchanged(known?.instances ?? recalledAmong(instances), instances);
      const isSame = known !== undefined && merged === known.instances;
      if (isSame) {
        known.heardAt = moment;
        known.index = age.index ?? known.index;
        return false;
      }
      entries.set(service, { instances: merged, index: age.index, heardAt: moment });
      touchContent();
      return true;
    },
    knowsNewer,
    remove,
    keepOnly(listed) {
      for (const service of [...entries.keys()]) if (!listed.has(service)) remove(service);
      moment += 1;
      if (openReads > 0) latestList = { names: listed, heardAt: moment };
    },
    complete(how, nowMs) {
      completeAtMs = nowMs;
      if (how === "confirmed") confirmedAtMs = nowMs;
      isComplete = true;
      recalled.clear();
      built = undefined;
      changed();
    },
    noteReset,
    get resets() {
      return resets;
    },
    noteListIndex(index, nowMs) {
      if (listIndex !== undefined && index.isLowerThan(listIndex)) noteReset(nowMs);
      listIndex = index;
    },
    notePartialViewReasons(next, denied = []) {
      partialViewReasons = next;
      deniedNamespaces = denied;
      touchContent();
    },
  };
}

function isAfter(moment: Moment | undefined, other: Moment): boolean {
  return moment !== undefined && moment > other;
}

/** The instances as they are now, as the very objects of before where they are the same: later stages memoize what they make of an object. */
function keepUnchanged(
  before: readonly ServiceInstance[],
  after: readonly ServiceInstance[],
): readonly ServiceInstance[] {
  if (before.length === 0) return after.length === 0 ? before : after;
  const known = new Map(before.map((instance) => [placeOf(instance), instance]));
  const merged = after.map((instance) => {
    const same = known.get(placeOf(instance));
    return same !== undefined && isDeepStrictEqual(same, instance) ? same : instance;
  });
  const isSame = merged.length === before.length && merged.every((instance, position) => instance === before[position]);
  return isSame ? before : merged;
}

function placeOf({ node, id }: ServiceInstance): string {
  return `${node}\n${id}`;
}
