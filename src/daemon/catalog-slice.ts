import type { Slice } from "../core/snapshot.ts";
import type { DaemonObserver } from "../observe/observer.ts";
import { type DaemonState, loadState } from "./daemon-state.ts";
import { type StoredSlice, standInSlice } from "./kept-state.ts";

/** What watches a catalog. */
export interface DaemonSource {
  readonly source: string;
  slice(): Slice | undefined;
  confirm(signal: AbortSignal): Promise<void>;
}

/** A catalog as the daemon sees it. */
export interface DaemonCatalog {
  /** What the settings call it, where they list several. */
  readonly name?: string;
  readonly source: DaemonSource;
  readonly lastGood: DaemonState<StoredSlice>;
}

/** What is known of one catalog at any time. */
export interface CatalogSlice {
  /** Gives the slice that was kept, if it is one of this source. */
  load(observer: DaemonObserver): Promise<Slice | undefined>;
  /** What the source knows, else what it knew at last, else nothing; the same object for the same content. */
  slice(): Slice;
  /** Keeps the slice that was given last for the next start, if it came from the source and is not kept already. */
  save(nowMs: number): Promise<void>;
}

export function createCatalogSlice({ name, source, lastGood }: DaemonCatalog): CatalogSlice {
  const unread: Slice = { source: source.source, instances: [], origin: "unread", readAtMs: 0 };
  let stored: Slice | undefined;
  let saved: Slice | undefined;
  let latest = unread;
  let latestNamed = named(unread);

  function named(slice: Slice): Slice {
    return name === undefined ? slice : { ...slice, catalogName: name };
  }

  return {
    async load(observer) {
      const kept = await loadState(lastGood, observer);
      stored = kept === undefined ? undefined : standInSlice(kept, source.source);
      return stored && named(stored);
    },
    slice() {
      const slice = source.slice() ?? stored ?? unread;
      if (slice !== latest) {
        latest = slice;
        latestNamed = named(slice);
      }
      return latestNamed;
    },
    async save(nowMs) {
      const slice = latest;
      if (slice.origin !== "live" || slice === saved) return;
      await lastGood.save({ source: slice.source, readAtMs: slice.readAtMs, instances: slice.instances }, nowMs);
      saved = slice;
    },
  };
}
