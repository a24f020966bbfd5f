import type { BlindSign, ServiceInstance, Slice } from "../core/catalog/snapshot.ts";
import type { DaemonObserver } from "../observe/observer.ts";
import { type DaemonState, loadState } from "./daemon-state.ts";
import { type StoredSlice, standInSlice } from "./kept-state.ts";

/** What watches a catalog. */
export interface DaemonSource {
  readonly source: string;
  slice(): Slice | undefined;
  confirm(signal: AbortSignal): Promise<void>;
  /** All that is registered on the machines that have one of these addresses; absent where the product cannot tell. */
  registeredAt?(hosts: ReadonlySet<string>, signal: AbortSignal): Promise<readonly ServiceInstance[]>;
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
  /** What the catalog did not show at its last good read either; undefined where there was none. */
  let usual: readonly BlindSign[] | undefined;
  let blindSinceMs = 0;

  function named(slice: Slice): Slice {
    return name === undefined ? slice : { ...slice, catalogName: name };
  }

  /** Signs count where they are new. Before the first good read an empty catalog with any of them is doubted. */
  function judged(slice: Slice): Slice {
    const { signs = [], instances, origin } = slice;
    if (origin !== "live") return slice;
    usual ??= instances.length > 0 ? signs : [];
    const news = signs.filter((sign) => usual?.includes(sign) === false);
    if (news.length === 0) {
      usual = signs;
      blindSinceMs = 0;
      return slice;
    }
    if (blindSinceMs === 0) blindSinceMs = slice.readAtMs;
    return { ...slice, blind: { sinceMs: blindSinceMs, sign: news.join(", ") } };
  }

  return {
    async load(observer) {
      const kept = await loadState(lastGood, observer);
      stored = kept === undefined ? undefined : standInSlice(kept, source.source);
      if (stored !== undefined) usual = kept?.signs ?? [];
      return stored && named(stored);
    },
    slice() {
      const slice = source.slice() ?? stored ?? unread;
      if (slice !== latest) {
        latest = slice;
        latestNamed = named(judged(slice));
      }
      return latestNamed;
    },
    async save(nowMs) {
      const slice = latest;
      if (slice.origin !== "live" || slice === saved || latestNamed.blind !== undefined) return;
      const { source, readAtMs, instances, signs } = slice;
      await lastGood.save({ source, readAtMs, instances, ...(signs === undefined ? {} : { signs }) }, nowMs);
      saved = slice;
    },
  };
}
