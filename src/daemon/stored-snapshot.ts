import type { CatalogSnapshot, PartialViewReason, ServiceInstance } from "../core/catalog/snapshot.ts";

/** The last good snapshot of a catalog as it is stored; it is bound to the source that it was read from. */
export interface StoredSnapshot {
  readonly source: string;
  readonly readAtMs: number;
  readonly instances: readonly ServiceInstance[];
  /** Why the catalog may not have shown everything even then. */
  readonly partialViewReasons?: readonly PartialViewReason[];
}

/** The stored snapshot, to be used until the source answers; undefined where it was read from another source. */
export function standInSnapshot(stored: StoredSnapshot, source: string): CatalogSnapshot | undefined {
  if (stored.source !== source) return undefined;
  return { source, instances: stored.instances, freshness: "stored", readAtMs: stored.readAtMs };
}
