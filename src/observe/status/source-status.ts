import type { HealthInUse } from "../../core/catalog/allocation-health.ts";
import type { PartialViewReason } from "../../core/catalog/snapshot.ts";

/** What a source says of itself; the sources declare the same shape as their state. Times in milliseconds since the epoch. */
export interface SourceStatus {
  readonly source: string;
  readonly strategy: string;
  readonly strategyReason: string;
  readonly services: number;
  readonly openRequests: number;
  readonly connectionBudget: number;
  /** Connections that are used while the catalog refuses more, by which of its limits; undefined while it refuses none. */
  readonly shortage: { readonly allowed: number; readonly sinceMs: number; readonly limit: string } | undefined;
  readonly lastSuccessAtMs: number | undefined;
  /** How old the last answer was when it came, by the answering server's word; undefined where it did not say. */
  readonly answerAgeMs: number | undefined;
  readonly partialViewReasons: readonly PartialViewReason[];
  readonly missedChanges: number;
  /** How often the catalog's index fell back. */
  readonly indexResets: number;
  readonly consecutiveFailures: number;
  /** Since when requests fail; undefined while none does. */
  readonly failingSinceMs?: number | undefined;
  readonly lastError: { readonly code: string; readonly message: string } | undefined;
  /** How the catalog's stream of events stands; absent where it has none. */
  readonly eventStream?: {
    readonly state: "opening" | "heard" | "lost" | "silent" | "waiting";
    readonly open: number;
    readonly reopened: number;
  };
  /** By what its instances count as fit; absent where they have checks of their own, or none is asked for. */
  readonly health?: HealthInUse;
}

/** A catalog that is watched. */
export interface WatchedCatalog {
  /** What the settings call it, where they list several. */
  readonly name?: string;
  /** The catalog for a person: product, address and what is read of it. */
  readonly title: string;
  /** After this time without an answer something is wrong. */
  readonly staleAfterMs: number;
  readonly status: SourceStatus;
}
