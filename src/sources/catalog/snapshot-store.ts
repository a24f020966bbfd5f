import { isDeepStrictEqual } from "node:util";
import type { CatalogSnapshot, PartialViewReason, ServiceInstance } from "../../core/catalog/snapshot.ts";

interface Entry {
  readonly instances: readonly ServiceInstance[];
  index: bigint;
}

/** Keeps what one source knows, service by service, and calls back when it has changed. */
export interface SnapshotStore {
  /** Nothing until every service of the first list has been read. */
  snapshot(): CatalogSnapshot | undefined;
  readonly size: number;
  has(service: string): boolean;
  /** The services that are known. What is put or removed meanwhile may show. */
  services(): Iterable<string>;
  instancesOf(service: string): readonly ServiceInstance[];
  /** Are these the instances that are known? */
  holds(service: string, instances: readonly ServiceInstance[]): boolean;
  /**
   * Puts a service's instances. A plain read that is older than what a watch brought meanwhile is ignored, by index;
   * a watch is always believed. Returns whether that was news.
   */
  put(service: string, instances: readonly ServiceInstance[], index: bigint, from: "watch" | "read"): boolean;
  /** Would a plain read under this index be ignored? */
  knowsNewer(service: string, index: bigint): boolean;
  /**
   * With the index of the list that lacks it, a service stays if what is known of it is newer than that list. Returns
   * whether it was there.
   */
  remove(service: string, listIndex?: bigint): boolean;
  /** Declares the snapshot complete, or read again completely. */
  complete(how: "read" | "confirmed", nowMs: number): void;
  /** The catalog's index fell back: older indexes mean nothing any more. */
  noteReset(nowMs: number): void;
  /**
   * The index of a list of all services, from whichever query: one that is lower than the last is a reset. It outlives the
   * queries, which end with their strategy, perhaps in the very moment in which the catalog comes back as another.
   */
  noteListIndex(index: bigint, nowMs: number): void;
  /** Why something may be missing; each change of it is a change of the snapshot. */
  notePartialViewReasons(reasons: readonly PartialViewReason[]): void;
}

export function createSnapshotStore(source: string, changed: () => void): SnapshotStore {
  const entries = new Map<string, Entry>();
  let isComplete = false;
  let completeAtMs = 0;
  let confirmedAtMs: number | undefined;
  let indexResetAtMs: number | undefined;
  let partialViewReasons: readonly PartialViewReason[] = [];
  let listIndex = 0n;
  let built: CatalogSnapshot | undefined;

  function touchContent(): void {
    built = undefined;
    if (isComplete) changed();
  }

  function build(): CatalogSnapshot {
    return {
      source,
      instances: [...entries.values()].flatMap((entry) => entry.instances),
      freshness: "live",
      readAtMs: completeAtMs,
      ...(confirmedAtMs === undefined ? {} : { confirmedAtMs }),
      ...(indexResetAtMs === undefined ? {} : { indexResetAtMs }),
      ...(partialViewReasons.length === 0 ? {} : { partialViewReasons }),
    };
  }

  function noteReset(nowMs: number): void {
    indexResetAtMs = nowMs;
    for (const entry of entries.values()) entry.index = 0n;
    touchContent();
  }

  function knowsNewer(service: string, index: bigint): boolean {
    const known = entries.get(service);
    return known !== undefined && index < known.index;
  }

  return {
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
    put(service, instances, index, from) {
      const known = entries.get(service);
      if (from === "read" && knowsNewer(service, index)) return false;
      // Comparing content rather than the index: a moved index only means that it is worth looking again.
      const merged = keepUnchanged(known?.instances ?? [], instances);
      if (known !== undefined && merged === known.instances) {
        known.index = index;
        return false;
      }
      entries.set(service, { instances: merged, index });
      touchContent();
      return true;
    },
    knowsNewer,
    remove(service, listIndex) {
      const known = entries.get(service);
      if (known === undefined || (listIndex !== undefined && known.index > listIndex)) return false;
      entries.delete(service);
      touchContent();
      return true;
    },
    complete(how, nowMs) {
      completeAtMs = nowMs;
      if (how === "confirmed") confirmedAtMs = nowMs;
      isComplete = true;
      built = undefined;
      changed();
    },
    noteReset,
    noteListIndex(index, nowMs) {
      if (index < listIndex) noteReset(nowMs);
      listIndex = index;
    },
    notePartialViewReasons(next) {
      partialViewReasons = next;
      touchContent();
    },
  };
}

/** The instances as they are now, as the very objects of before where they are the same: later stages memoize what they make of an object. */
function keepUnchanged(
  before: readonly ServiceInstance[],
  after: readonly ServiceInstance[],
): readonly ServiceInstance[] {
  const known = new Map(before.map((instance) => [`${instance.node}\n${instance.id}`, instance]));
  const merged = after.map((instance) => {
    const same = known.get(`${instance.node}\n${instance.id}`);
    return same !== undefined && isDeepStrictEqual(same, instance) ? same : instance;
  });
  const isSame = merged.length === before.length && merged.every((instance, position) => instance === before[position]);
  return isSame ? before : merged;
}
