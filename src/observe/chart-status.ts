import type { BlindSign, CatalogSnapshot } from "../core/catalog/snapshot.ts";
import type { Diagnostic } from "../core/diagnostics/diagnostics.ts";
import type { Hold } from "../core/memory.ts";
import type { DynamicConfig, ResourceKey } from "../core/traefik/chart/dynamic-config.ts";

/** How a source stands, as it tells itself. */
export interface SourceStanding {
  readonly source: string;
  readonly strategy: string;
  readonly strategyReason: string;
  readonly services: number;
  readonly openRequests: number;
  readonly connectionBudget: number;
  readonly shortage: { readonly allowed: number; readonly sinceMs: number; readonly limit: string } | undefined;
  readonly lastSuccessAtMs: number | undefined;
  readonly answerAgeMs: number | undefined;
  readonly signs: readonly BlindSign[];
  readonly missedChanges: number;
  readonly indexResets: number;
  readonly consecutiveFailures: number;
  readonly lastError: { readonly code: string; readonly message: string } | undefined;
}

export interface ChartedSnapshot {
  readonly catalogName: string | undefined;
  readonly origin: CatalogSnapshot["origin"];
}

/** A catalog that is watched. */
export interface WatchedCatalog {
  /** What the settings call it, where they list several. */
  readonly name?: string;
  /** After this time without an answer something is wrong. */
  readonly staleAfterMs: number;
  readonly standing: SourceStanding;
}

/** An earlier chart is published. */
export interface RollbackStanding {
  /** Its version. */
  readonly number: number;
  readonly sinceMs: number;
  /** How many routers would change if it were released. */
  readonly withheldChanges: number;
}

/** What the daemon knows about itself; the telemetry keeps it up to date. */
export interface Standing {
  readonly version: string;
  readonly startedAtMs: number;
  readonly output: string;
  readonly generation: number;
  readonly hash: string | undefined;
  readonly publishedAtMs: number | undefined;
  readonly chart: DynamicConfig | undefined;
  /** From what the chart was made: one for each catalog; none before the first pass. */
  readonly snapshots: readonly ChartedSnapshot[];
  readonly holds: readonly Hold[];
  readonly leftAtMs: ReadonlyMap<ResourceKey, number>;
  /** Those that are told one by one. */
  readonly diagnostics: readonly Diagnostic[];
  readonly untoldDiagnostics: number;
  readonly writeError: { readonly code: string; readonly message: string } | undefined;
  /** The other portolan that writes the chart. */
  readonly standbyFor: string | undefined;
  readonly rollback?: RollbackStanding | undefined;
}
