import type { ServiceInstance, Slice } from "../core/snapshot.ts";

interface Entry {
  readonly instances: readonly ServiceInstance[];
  readonly content: string;
  index: bigint;
}

/** Keeps what one source knows, service by service, and tells when it has changed. */
export interface SliceStore {
  /** Nothing until every service of the first list has been read. */
  slice(): Slice | undefined;
  readonly services: ReadonlySet<string>;
  instancesOf(service: string): readonly ServiceInstance[];
  /**
   * Puts a service's instances. A plain read that is older than what a watch brought meanwhile is ignored, by index;
   * a watch is always believed.
   */
  put(service: string, instances: readonly ServiceInstance[], index: bigint, from: "watch" | "read"): void;
  /** With the index of the list that lacks it, a service stays if what is known of it is newer than that list. */
  remove(service: string, listIndex?: bigint): void;
  /** Declares the slice complete, or read again completely. */
  complete(how: "read" | "confirmed", nowMs: number): void;
  /** The catalog's index fell back: older indexes mean nothing any more. */
  noteReset(nowMs: number): void;
}

export function createSliceStore(source: string, changed: () => void): SliceStore {
  const entries = new Map<string, Entry>();
  let isComplete = false;
  let completeAtMs = 0;
  let confirmedAtMs: number | undefined;
  let indexResetAtMs: number | undefined;
  let built: Slice | undefined;

  function touchContent(): void {
    built = undefined;
    if (isComplete) changed();
  }

  function build(): Slice {
    return {
      source,
      instances: [...entries.values()].flatMap((entry) => entry.instances),
      origin: "live",
      readAtMs: completeAtMs,
      ...(confirmedAtMs === undefined ? {} : { confirmedAtMs }),
      ...(indexResetAtMs === undefined ? {} : { indexResetAtMs }),
    };
  }

  return {
    slice() {
      if (!isComplete) return undefined;
      built ??= build();
      return built;
    },
    get services() {
      return new Set(entries.keys());
    },
    instancesOf: (service) => entries.get(service)?.instances ?? [],
    put(service, instances, index, from) {
      const known = entries.get(service);
      if (known !== undefined && from === "read" && index < known.index) return;
      // Comparing content rather than the index: a moved index only means that somebody should look again.
      const content = JSON.stringify(instances);
      if (known?.content === content) {
        known.index = index;
        return;
      }
      entries.set(service, { instances, content, index });
      touchContent();
    },
    remove(service, listIndex) {
      const known = entries.get(service);
      if (known === undefined || (listIndex !== undefined && known.index > listIndex)) return;
      entries.delete(service);
      touchContent();
    },
    complete(how, nowMs) {
      completeAtMs = nowMs;
      if (how === "confirmed") confirmedAtMs = nowMs;
      isComplete = true;
      built = undefined;
      changed();
    },
    noteReset(nowMs) {
      indexResetAtMs = nowMs;
      for (const entry of entries.values()) entry.index = 0n;
      touchContent();
    },
  };
}
