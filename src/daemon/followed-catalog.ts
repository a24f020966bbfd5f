import {
  type CatalogSnapshot,
  isHidden,
  type PartialViewReason,
  type ServiceInstance,
  serviceKey,
} from "../core/catalog/snapshot.ts";
import type { DaemonObserver } from "../observe/observer.ts";
import { type DaemonState, loadState } from "./daemon-state.ts";
import { type StoredSnapshot, standInSnapshot } from "./stored-snapshot.ts";

/** What watches a catalog. */
export interface DaemonSource {
  readonly source: string;
  snapshot(): CatalogSnapshot | undefined;
  confirm(signal: AbortSignal): Promise<void>;
  /** Tells it what was last known before a restart. */
  recall?(instances: readonly ServiceInstance[]): Promise<void>;
  /** All that is registered on the machines with one of these addresses; absent where the product cannot answer that. */
  registeredAt?(
    hosts: ReadonlySet<string>,
    withChecks: boolean,
    signal: AbortSignal,
  ): Promise<readonly ServiceInstance[]>;
}

/** A catalog of the daemon's. */
export interface DaemonCatalog {
  /** What the settings call it, where they list several. */
  readonly name?: string;
  readonly source: DaemonSource;
  readonly lastGood: DaemonState<StoredSnapshot>;
}

/** What is known of one catalog at any time. */
export interface FollowedCatalog {
  /** The stored snapshot, where it was read from this source; used until the source answers. */
  load(observer: DaemonObserver): Promise<CatalogSnapshot | undefined>;
  /** The source's snapshot, else the stored one, else an unread one; the same object for the same content. */
  snapshot(): CatalogSnapshot;
  /** Stores the latest snapshot for the next start, where it came from the source, is complete and is not stored already. */
  save(nowMs: number): Promise<void>;
}

export function createFollowedCatalog({ name, source, lastGood }: DaemonCatalog): FollowedCatalog {
  const unread: CatalogSnapshot = { source: source.source, instances: [], freshness: "unread", readAtMs: 0 };
  let stored: CatalogSnapshot | undefined;
  let saved: CatalogSnapshot | undefined;
  let latest = unread;
  let latestNamed = named(unread);
  /** The reasons of the last good read; undefined where there was none. */
  let usual: readonly PartialViewReason[] | undefined;
  let blindSinceMs = 0;
  /** The instances that are stored. */
  let good: readonly ServiceInstance[] = [];

  function named(snapshot: CatalogSnapshot): CatalogSnapshot {
    return name === undefined ? snapshot : { ...snapshot, catalogName: name };
  }

  /**
   * Marks a snapshot that may be partial for a reason which the last good read did not have. Before the first good read
   * an empty catalog with any reason is marked.
   */
  function judged(snapshot: CatalogSnapshot): CatalogSnapshot {
    const { partialViewReasons = [], deniedNamespaces, instances, freshness } = snapshot;
    if (freshness !== "live") return snapshot;
    // What is denied now was shown before: that is never usual.
    const mayBeUsual = partialViewReasons.filter((reason) => reason !== "denied-namespace");
    usual ??= instances.length > 0 ? mayBeUsual : [];
    const news = partialViewReasons.filter((reason) => usual?.includes(reason) === false);
    if (news.length === 0) {
      usual = partialViewReasons;
      blindSinceMs = 0;
      return snapshot;
    }
    if (blindSinceMs === 0) blindSinceMs = snapshot.readAtMs;
    const isOfNamespaces = deniedNamespaces !== undefined && news.every((reason) => reason === "denied-namespace");
    const names = deniedNamespaces === undefined ? "" : ` (${deniedNamespaces.join(", ")})`;
    const reason = news.map((one) => (one === "denied-namespace" ? one + names : one)).join(", ");
    const scope = isOfNamespaces ? { namespaces: deniedNamespaces } : {};
    return { ...snapshot, blind: { sinceMs: blindSinceMs, reason, ...scope } };
  }

  return {
    async load(observer) {
      const kept = await loadState(lastGood, observer);
      stored = kept === undefined ? undefined : standInSnapshot(kept, source.source);
      if (stored === undefined) return undefined;
      usual = kept?.partialViewReasons ?? [];
      good = stored.instances;
      await source.recall?.(stored.instances);
      return named(stored);
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
      const { blind } = latestNamed;
      if (snapshot.freshness !== "live" || snapshot === saved) return;
      if (blind !== undefined && blind.namespaces === undefined) return;
      const { source, readAtMs, partialViewReasons } = snapshot;
      const reasons = partialViewReasons?.filter((reason) => reason !== "denied-namespace") ?? [];
      // Of namespaces that are denied the last good instances stay, so that a restart knows of them, too.
      const hidden = good.filter((instance) => isHidden(latestNamed, serviceKey(instance)));
      const instances = hidden.length === 0 ? snapshot.instances : [...snapshot.instances, ...hidden];
      await lastGood.save(
        { source, readAtMs, instances, ...(reasons.length === 0 ? {} : { partialViewReasons: reasons }) },
        nowMs,
      );
      saved = snapshot;
      good = instances;
    },
  };
}
