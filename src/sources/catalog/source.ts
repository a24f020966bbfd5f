import type { HealthInUse } from "../../core/catalog/allocation-health.ts";
import type { CatalogSnapshot, PartialViewReason, ServiceInstance } from "../../core/catalog/snapshot.ts";
import type { AllocationHintListener } from "./allocation-hint.ts";
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
  /** Since when requests fail; undefined while none does. */
  readonly failingSinceMs: number | undefined;
  readonly lastError: { readonly code: string; readonly message: string } | undefined;
  /** How the catalog's stream of events stands; absent where it has none. */
  readonly eventStream?: EventStreamState;
  /** By what its instances count as fit; absent where they have checks of their own, or none is asked for. */
  readonly health?: HealthInUse;
}

/** A stream by which a catalog tells unasked where to look again. */
export interface EventStreamState {
  /**
   * `opening`: not heard yet, and nothing said against it. `heard`: every event is told. `lost`: it was heard, has ended and is
   * opened again. `silent`: the catalog answers and says nothing, or refuses it: the token lacks a right. `waiting`: connections
   * are short, and long polls need them more.
   */
  readonly state: "opening" | "heard" | "lost" | "silent" | "waiting";
  /** How many are open: one, or one for each namespace. */
  readonly open: number;
  /** How often one was heard again after it had ended. */
  readonly reopened: number;
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
  /** A reason why the view may be partial came or went; of these namespaces only, where there are some. */
  sightChanged(reason: PartialViewReason, isPresent: boolean, namespaces: readonly string[]): void;
  /** The settings name something that the catalog does not have; what it has is read all the same. */
  settingDoubted(message: string): void;
  /** A resync found changes that the watch should have brought. */
  missed(services: readonly string[]): void;
  /** The catalog tells events of this scope, such as `all namespaces`, again or for the first time. */
  eventsHeard(scope: string): void;
  /** It tells none, and not for a short interruption: the token lacks the right, or there is another reason. */
  eventsUnheard(scope: string, right: string | undefined, error: CatalogError | undefined): void;
  /** A stream of events is heard again after its end, and everything is looked at once more. */
  eventsReopened(): void;
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
   *
   * @param withChecks reads the checks, too: one more request for each machine
   */
  registeredAt?(
    hosts: ReadonlySet<string>,
    withChecks: boolean,
    signal: AbortSignal,
  ): Promise<readonly ServiceInstance[]>;
  /** What was last known of this catalog before a restart: what it does not show any more may be denied, not gone. */
  recall?(instances: readonly ServiceInstance[]): Promise<void>;
  /**
   * Calls back when allocations, or deployments of jobs, may have changed, soon after they did; returns how to end that.
   * Absent where the catalog is no scheduler.
   *
   * How it is meant: keep what is of use by its id or job, leave out every other hint (all jobs of the cluster are told of),
   * gather what is left and read it again, a bounded number at a time. Never take a hint for the state. After `isAnything` all
   * that is of use is read again, once. Hints may be lost: read now and then without one, and more often while
   * `state().eventStream?.state` is not `heard`.
   */
  onAllocationHint?(listener: AllocationHintListener): () => void;
  state(): SourceState;
}
