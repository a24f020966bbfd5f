import type { Notice } from "../../base/notice.ts";
import type { CatalogClient } from "../catalog/catalog-client.ts";
import type { CatalogError } from "../catalog/catalog-error.ts";
import type { IndexOf } from "../catalog/index-of.ts";
import type { SnapshotStore } from "../catalog/snapshot-store.ts";
import type { BlockingQueryEnvironment } from "../polling/blocking-query.ts";
import type { Restarts } from "../polling/restarts.ts";
import type { CatalogShape } from "./catalog-shape.ts";
import type { HiddenServices } from "./hidden-services.ts";
import type { Visibility } from "./visibility.ts";

/** What every strategy works with. A `target` names a query, for example `/v1/health/service/web`. */
export interface WatchContext<Client extends CatalogClient = CatalogClient> extends BlockingQueryEnvironment {
  readonly restarts: Restarts;
  readonly client: Client;
  readonly store: SnapshotStore;
  /** Lists are shown to it before they are acted upon. */
  readonly visibility: Visibility;
  readonly hidden: HiddenServices;
  readonly parallelReads: number;
  /** Given when a complete read beside the watch has put what it saw: some of it may be gone since, of which the watch has told. */
  readonly readsBeside: Pick<Notice, "follow">;
  /** Judged from the union of a service's tags: may any of its instances be exposed? Others are not read at all. */
  isWatched(unionTags: readonly string[], service: string): boolean;
  /** A query has seen the catalog's index fall: what is known is old, and every other query starts anew. */
  noteReset(): void;
  /** The shape of the catalog as far as the strategy sees it; the source may end the watch to change strategy. */
  shapeSeen(shape: Partial<CatalogShape>): void;
  succeeded(target: string): void;
  failed(error: CatalogError, target: string, retryInMs: number): void;
  /** The query that tells whether the catalog answers at all: it never waits for itself. */
  failedProbe(error: CatalogError, target: string, retryInMs: number): void;
  /** For all other queries: after an outage they wait here until the probe succeeds. */
  untilWorthTrying(error: CatalogError, signal: AbortSignal): Promise<void>;
}

/** Watches until aborted. Strategies differ in their requests, never in what ends up in the store. */
export type Watch<Client extends CatalogClient> = (
  context: WatchContext<Client>,
  start: WatchStart,
  signal: AbortSignal,
) => Promise<void>;

/** Where the complete read ended, so that watching starts without reading everything again. */
export interface WatchStart {
  readonly listIndex: IndexOf<"service-list">;
  /** How many services the list named, watched or not. */
  readonly listed: number;
  /** The watched services, each with the write up to which the read shows it. A long poll may wait beyond that. */
  readonly shownUpTo: ReadonlyMap<string, bigint>;
  /** The services' own indexes, where each was read by itself. */
  readonly ownIndexes: ReadonlyMap<string, IndexOf<"service">>;
}
