import type { CatalogSnapshot, PartialViewReason, ServiceInstance } from "../core/catalog/snapshot.ts";
import type { DaemonObserver } from "../observe/observer.ts";
import { type DaemonState, loadState } from "./daemon-state.ts";
import { type StoredSnapshot, standInSnapshot } from "./kept-state.ts";

/** What watches a catalog. */
export interface DaemonSource {
  readonly source: string;
  snapshot(): CatalogSnapshot | undefined;
  confirm(signal: AbortSignal): Promise<void>;
  /** All that is registered on the machines that have one of these addresses; absent where the product cannot tell. */
  registeredAt?(hosts: ReadonlySet<string>, signal: AbortSignal): Promise<readonly ServiceInstance[]>;
}

/** A catalog as the daemon sees it. */
export interface DaemonCatalog {
  /** What the settings call it, where they list several. */
  readonly name?: string;
  readonly source: DaemonSource;
  readonly lastGood: DaemonState<StoredSnapshot>;
}

/** What is known of one catalog at any time. */
export interface FollowedCatalog {
  /** Gives the slice that was kept, if it is one of this source. */
  load(observer: DaemonObserver): Promise<CatalogSnapshot | undefined>;
  /** What the source knows, else what it knew at last, else nothing; the same object for the same content. */
  snapshot(): CatalogSnapshot;
  /** Keeps the slice that was given last for the next start, if it came from the source and is not kept already. */
  save(nowMs: number): Promise<void>;
}

export function createFollowedCatalog({ name, source, lastGood }: DaemonCatalog): FollowedCatalog {
  const unread: CatalogSnapshot = { source: source.source, instances: [], freshness: "unread", readAtMs: 0 };
  let stored: CatalogSnapshot | undefined;
  let saved: CatalogSnapshot | undefined;
  let latest = unread;
  let latestNamed = named(unread);
  /** What the catalog did not show at its last good read either; undefined where there was none. */
  let usual: readonly PartialViewReason[] | undefined;
  let blindSinceMs = 0;

  function named(snapshot: CatalogSnapshot): CatalogSnapshot {
    return name === undefined ? snapshot : { ...snapshot, catalogName: name };
  }

  /** Signs count where they are new. Before the first good read an empty catalog with any of them is doubted. */
  function judged(snapshot: CatalogSnapshot): CatalogSnapshot {
    const { partialViewReasons = [], instances, freshness } = snapshot;
    if (freshness !== "live") return snapshot;
    usual ??= instances.length > 0 ? partialViewReasons : [];
    const news = partialViewReasons.filter((reason) => usual?.includes(reason) === false);
    if (news.length === 0) {
      usual = partialViewReasons;
      blindSinceMs = 0;
      return snapshot;
    }
    if (blindSinceMs === 0) blindSinceMs = snapshot.readAtMs;
    return { ...snapshot, blind: { sinceMs: blindSinceMs, reason: news.join(", ") } };
  }

  return {
    async load(observer) {
      const kept = await loadState(lastGood, observer);
      stored = kept === undefined ? undefined : standInSnapshot(kept, source.source);
      if (stored !== undefined) usual = kept?.partialViewReasons ?? [];
      return stored && named(stored);
    },
    snapshot() {
      const snapshot = source.snapshot() ?? stored ?? unread;
      if (snapshot !== latest) {
        latest = snapshot;
        latestNamed = named(judged(snapshot));
      }
      return latestNamed;
    },
    async save(nowMs) {
      const snapshot = latest;
      if (snapshot.freshness !== "live" || snapshot === saved || latestNamed.blind !== undefined) return;
      const { source, readAtMs, instances, partialViewReasons } = snapshot;
      await lastGood.save(
        { source, readAtMs, instances, ...(partialViewReasons === undefined ? {} : { partialViewReasons }) },
        nowMs,
      );
      saved = snapshot;
    },
  };
}
