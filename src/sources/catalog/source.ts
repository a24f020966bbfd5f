import type { CatalogSnapshot, PartialViewReason, ServiceInstance } from "../../core/catalog/snapshot.ts";
import type { CatalogError } from "./catalog-error.ts";

/** The status of a source, for the status page and metrics. Times in milliseconds since the epoch. */
export interface SourceState {
  readonly source: string;
  /** How the catalog is watched, and why that way. */
  readonly strategy: string;
  readonly strategyReason: string;
  readonly services: number;
  readonly openRequests: number;
  readonly connectionBudget: number;
  /** The catalog refuses connections by the limit of that name, and so many are used for now; undefined where it does not. */
  readonly shortage: { readonly allowed: number; readonly sinceMs: number; readonly limit: string } | undefined;
  readonly lastSuccessAtMs: number | undefined;
  /** How old the last answer was when it came, by the answering server's word; undefined where it did not say. */
  readonly answerAgeMs: number | undefined;
  /** Why the view may be partial. */
  readonly partialViewReasons: readonly PartialViewReason[];
  /** Services whose changes the watch missed and a resync found; none is the promise. */
  readonly missedChanges: number;
  /** How often the catalog's index has fallen since the start: it was restarted, restored or replaced. */
  readonly indexResets: number;
  readonly consecutiveFailures: number;
  readonly lastError: { readonly code: string; readonly message: string } | undefined;
}

/** What a source reports while it works. Calls must not throw. A `target` names a query, such as `/v1/catalog/services`. */
export interface SourceReporter {
  /** A request was sent; `endpoint` is its path without names. */
  requested(endpoint: string): void;
  /**
   * `trouble`: where this is not merely the next failure of what was reported a moment ago, how many there were, this one
   * included, and for how long.
   */
  failed(
    error: CatalogError,
    target: string,
    retryInMs: number,
    trouble: { readonly failures: number; readonly forMs: number } | undefined,
  ): void;
  /** Every query that failed has succeeded again. */
  recovered(failures: number, forMs: number): void;
  strategyChosen(strategy: string, reason: string): void;
  /** The catalog refuses further connections: so many are used of `most`; undefined when that is over. */
  connectionsShort(allowed: number | undefined, most: number): void;
  /** A reason why the view may be partial came or went. */
  sightChanged(reason: PartialViewReason, isPresent: boolean): void;
  /** A resync found changes that the watch should have brought. */
  missed(services: readonly string[]): void;
}

/**
 * A catalog that is read completely and then watched. It interprets nothing: tags are judged in the core.
 *
 * Contract: the snapshot is replaced only from error-free reads; a failed read keeps what was there. `run` ends only when its
 * signal is aborted, whatever the catalog does. The `changed` callback given at creation carries no data: it says "look
 * again".
 */
export interface CatalogSource {
  readonly source: string;
  run(signal: AbortSignal): Promise<void>;
  /** The last complete reading, or nothing before the first one. */
  snapshot(): CatalogSnapshot | undefined;
  /** Reads everything again with the catalog's strongest consistency; rejects with a CatalogError when it cannot. */
  confirm(signal: AbortSignal): Promise<void>;
  /**
   * All that is registered on the machines that have one of these addresses, whether or not it asks for routes; absent
   * where the product cannot tell. Rejects with a CatalogError.
   */
  registeredAt?(hosts: ReadonlySet<string>, signal: AbortSignal): Promise<readonly ServiceInstance[]>;
  /** What was last known of this catalog before a restart: what it does not show any more may be denied, not gone. */
  recall?(instances: readonly ServiceInstance[]): Promise<void>;
  state(): SourceState;
}
