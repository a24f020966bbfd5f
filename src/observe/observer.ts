import type { AppError } from "../base/errors.ts";
import type { CatalogSnapshot, PartialViewReason } from "../core/catalog/snapshot.ts";
import type { Decision } from "../core/decision.ts";
import type { Diagnostic } from "../core/diagnostics/diagnostics.ts";
import type { DynamicRange } from "../core/ports/dynamic-range.ts";
import type { PortSurvey } from "../core/ports/survey.ts";
import type { Hold } from "../core/removals/hold.ts";
import type { TraefikReading } from "../core/traefik-result/traefik-result.ts";

/** How a publication went, and what was found at it. */
export interface PublishedChart {
  readonly didWrite: boolean;
  /** The text is published, but the operator has to act before Traefik can read it. */
  readonly warning?: string;
  /** What another process or a person had done to the file since the last publication. */
  readonly externalChange?: "edited" | "deleted";
  /** The file's directory is another one than before: Traefik still watches the old one. */
  readonly isUnwatched?: true;
}

/** An earlier chart is published, by an operator's order. */
export interface RollbackReport {
  /** The chart's version. */
  readonly number: number;
  readonly sinceMs: number;
  /** How many routers would change if the rollback were released. */
  readonly withheldChanges: number;
}

/** A pass that has ended: the file says what it should. */
export interface PassReport {
  readonly decision: Decision;
  readonly snapshots: readonly CatalogSnapshot[];
  readonly published: PublishedChart;
  /** From the first change that led to this pass to the file's rename. */
  readonly lagMs: number;
  /** Present while an earlier chart is published. */
  readonly rollback?: RollbackReport;
  /** What the catalogs ask for meanwhile, which a release would bring; present with `rollback`. */
  readonly news?: Decision;
}

/** What the daemon of one chart reports while it works. Calls must not throw. */
export interface DaemonObserver {
  /**
   * What was found at the start: how many routers the chart on disk has, where there is one, and the last good snapshots
   * that are used until their catalogs answer.
   */
  adopted(found: { readonly routers: number | undefined; readonly storedSnapshots: readonly CatalogSnapshot[] }): void;
  /** The chart that was found at the start, with this text, is what was decided from just what is stored and set now. */
  confirmed(text: string): void;
  /** A state file could not be understood and was moved away. */
  setAside(reason: string, movedTo: string): void;
  /** A state file was read, and there is something to know about how it was found. */
  stateNoted(note: string): void;
  charted(pass: PassReport): void;
  /** An operator has published an earlier chart again; reported after a restart, too. */
  rolledBack(rollback: Pick<RollbackReport, "number" | "sinceMs">): void;
  /** An operator has ended the rollback to this version. */
  rollbackEnded(number: number): void;
  /** Routers are held that were not held before. */
  held(hold: Hold): void;
  /**
   * No router of the hold's catalog is held any more, or an operator released it (`isByHand`). A hold that goes on for
   * another reason is reported as held.
   */
  released(hold: Hold, isByHand: boolean): void;
  /** The file, or the state, could not be written; the old one stays, and it is tried again. */
  unwritable(error: AppError, retryInMs: number): void;
  stateUnsaved(error: AppError): void;
  /** The consistent read that confirms a removal has failed; undefined for a catalog that has no name in the settings. */
  confirmFailed(error: AppError, catalogName: string | undefined): void;
}

/** What is reported about the process that writes the chart. Calls must not throw. */
export interface WriterObserver {
  /** Another portolan writes the chart; `owner` names its process and host. */
  standingBy(owner: string): void;
  /** No other process writes the chart. */
  writesAlone(): void;
}

/** A file beside the chart that Traefik cannot load, so that it refuses the whole directory. */
export interface RefusedDirectory {
  readonly file: string;
  /** The file, the place in it, what was found there and what to do. */
  readonly message: string;
}

/** What is reported about the directory that Traefik reads. Calls must not throw. */
export interface DirectoryObserver {
  /** Traefik refuses it, for another reason than before. */
  directoryRefused(found: RefusedDirectory): void;
  /** Nothing in it is refused any more. */
  directoryLoadable(): void;
}

/** What Traefik made of the chart, as its API told it after the last look. */
export interface TraefikReport extends TraefikReading {
  /** The API's address. */
  readonly api: string;
  /** What is wrong by it, of services, of the settings and of the chart as a whole; what it said last while it cannot be read. */
  readonly diagnostics: readonly Diagnostic[];
}

/** What is reported about the Traefik that reads the chart. Calls must not throw. */
export interface TraefikObserver {
  /** Its API was looked at, or could not be; undefined where the settings name none any more. */
  traefikRead(report: TraefikReport | undefined): void;
}

/** Why a client does not get the chart that is served. */
export type ServeRefusal = "no token" | "another token" | "no TLS";

/** What is reported about the listener that serves the chart to other machines. Calls must not throw. */
export interface ServeObserver {
  /**
   * A client has not got it.
   *
   * @param address the client's
   * @param detail the code of the TLS error, where it is one
   */
  refused(refusal: ServeRefusal, address: string, detail?: string): void;
}

/** All that is reported about one chart. */
export interface ChartObserver extends DaemonObserver, WriterObserver, DirectoryObserver, TraefikObserver {}

/**
 * What a source reports while it reads and watches its catalog; the sources declare the same shape as their reporter.
 * A `target` names a query, an `endpoint` its path without names.
 */
export interface SourceObserver {
  requested(endpoint: string): void;
  /** `trouble`: where this is worth telling, how many failures there were, this one included, and for how long. */
  failed(
    error: AppError,
    target: string,
    retryInMs: number,
    trouble: { readonly failures: number; readonly forMs: number } | undefined,
  ): void;
  recovered(failures: number, forMs: number): void;
  strategyChosen(strategy: string, reason: string): void;
  /** The catalog refuses further connections: `allowed` of `most` are used; undefined when that is over. */
  connectionsShort(allowed: number | undefined, most: number): void;
  /** A reason why the catalog may not show everything has appeared or gone; of these namespaces only, where there are some. */
  sightChanged(reason: PartialViewReason, isPresent: boolean, namespaces: readonly string[]): void;
  /** The settings name something that the catalog does not have; what it has is read all the same. */
  settingDoubted(message: string): void;
  missed(services: readonly string[]): void;
  /** The catalog's stream of events tells of this scope, such as `all namespaces`. */
  eventsHeard(scope: string): void;
  /** It tells nothing for some time; `right` is what the token lacks, where that is why. */
  eventsUnheard(scope: string, right: string | undefined, error: AppError | undefined): void;
  /** A stream is heard again after it had ended. */
  eventsReopened(): void;
}

/** What is reported of tokens and certificates; the sources declare the same shape as their reporter. */
export interface CredentialObserver {
  credentialsRenewed(message: string): void;
  credentialsWarned(message: string): void;
}

/** All that is reported about one catalog. */
export interface CatalogObserver extends SourceObserver, CredentialObserver {}

/** What is reported about the ports that the scheduler hands out. Calls must not throw. */
export interface PortsObserver {
  /** Another range counts, or Nomad reports it again. */
  dynamicRange(range: DynamicRange): void;
  /** A Nomad does not report its range, for another reason than before; `range` is what counts meanwhile. */
  rangeUnreported(nomad: string, error: AppError, range: DynamicRange): void;
}

/** What is reported about ports and the ledger. Calls must not throw. */
export interface PortSurveyObserver {
  /** All ports were held against the ledger; undefined where there is no ledger. */
  portsSurveyed(survey: PortSurvey | undefined): void;
  /** A catalog did not answer for it; what was known stays. */
  portsUnsurveyed(catalog: string, error: AppError): void;
}

/** What is reported about the allocations that instances name. Calls must not throw. */
export interface AllocationsObserver {
  /** A Nomad does not tell its allocations, for another reason than before; what was known stays. */
  allocationsUntold(nomad: string, error: AppError): void;
  /** It tells them again. */
  allocationsTold(nomad: string): void;
  /** A Nomad does not tell the checks of the allocations of a namespace, for another reason than before; what was known stays. */
  checksUntold(nomad: string, namespace: string, error: AppError): void;
  /** It tells checks again. */
  checksTold(nomad: string): void;
  /** All Nomads have answered, and none knows this one and others, `count` together; reported once. */
  allocationUnknown(id: string, count: number): void;
}
