import type { Clock } from "../../base/clock.ts";
import type { CatalogSnapshot, ServiceInstance } from "../../core/catalog/snapshot.ts";
import type { Decision } from "../../core/decision.ts";
import type { Diagnostic } from "../../core/diagnostics/diagnostics.ts";
import type { Origin, Owner } from "../../core/merge/owner.ts";
import type { Hold } from "../../core/removals/hold.ts";
import { type IsKept, isKeptBy } from "../../core/removals/sleepers.ts";
import type { DynamicConfig, ResourceKey } from "../../core/traefik/chart/dynamic-config.ts";
import { chartHash } from "../charted-pass.ts";
import type { FullChartListener } from "../fan-out.ts";
import type { RefusedDirectory, RollbackReport, TraefikReport } from "../observer.ts";
import { createLiveSince } from "./live-since.ts";

/** How one chart stands. Times in milliseconds since the epoch. */
export interface ChartStatus {
  readonly version: string;
  readonly startedAtMs: number;
  /** The chart's path. */
  readonly output: string;
  /** Publications since the start. */
  readonly generation: number;
  /** Of the chart that was decided last, or found at the start to follow from what is stored. */
  readonly hash: string | undefined;
  readonly publishedAtMs: number | undefined;
  readonly chart: DynamicConfig | undefined;
  /** From what the chart was made: one for each catalog; none before the first pass. */
  readonly snapshots: readonly ChartedSnapshot[];
  readonly holds: readonly Hold[];
  /** Router → when it lost its last server. */
  readonly leftAtMs: ReadonlyMap<ResourceKey, number>;
  /** Whose each router is. */
  readonly owners: ReadonlyMap<ResourceKey, Owner>;
  /** The names that the operator defines → the file or setting. */
  readonly operatorNames: ReadonlyMap<ResourceKey, string>;
  /** Whether the routers of a service, by its key, outlast its instances because its owner or the operator wants it. */
  readonly isKept: IsKept;
  /** Since when routers are live that came, or got a server again, after the start; of others it is not known. */
  readonly liveSinceMs: ReadonlyMap<ResourceKey, number>;
  /** All of the last pass. */
  readonly diagnostics: readonly Diagnostic[];
  readonly writeError: { readonly code: string; readonly message: string } | undefined;
  /** Why the state could not be stored in the last pass. */
  readonly stateError: { readonly code: string; readonly message: string } | undefined;
  /** The file beside the chart for which Traefik refuses the whole directory. */
  readonly refusedFor: RefusedDirectory | undefined;
  /** What Traefik made of the chart; undefined where its API is not asked, or has not been yet. */
  readonly traefik: TraefikReport | undefined;
  /** By what Traefik has a flaw of: since when that is known. */
  readonly flawSinceMs: ReadonlyMap<ResourceKey, number>;
  /** The other portolan that writes the chart. */
  readonly standbyFor: string | undefined;
  readonly rollback?: RollbackReport | undefined;
  /** The instance behind each server; not known of a chart that was found at the start. */
  readonly origin?: Origin;
  /** What the last pass came to and what it decided by, whole: why something is routed, or not, is told from that. */
  readonly lastPass?: { readonly decision: Decision; readonly snapshots: readonly CatalogSnapshot[] };
  /** All that the catalogs show. */
  readonly instances?: readonly (readonly ServiceInstance[])[];
}

export type ChartedSnapshot = Pick<CatalogSnapshot, "freshness"> & { readonly catalogName: string | undefined };

export interface StatusKeeperOptions {
  readonly clock: Pick<Clock, "nowMs">;
  readonly version: string;
  readonly output: string;
  /** Called when the status is another one. */
  changed?(): void;
}

/** Keeps the status of one chart up to date with what is reported about it. */
export interface StatusKeeper
  extends Pick<
    FullChartListener,
    | "confirmed"
    | "charted"
    | "unwritable"
    | "stateUnsaved"
    | "standingBy"
    | "writesAlone"
    | "directoryRefused"
    | "directoryLoadable"
    | "traefikRead"
  > {
  current(): ChartStatus;
}

export function createStatusKeeper({ clock, version, output, changed }: StatusKeeperOptions): StatusKeeper {
  const liveSince = createLiveSince();
  let current: ChartStatus = {
    version,
    startedAtMs: clock.nowMs(),
    output,
    generation: 0,
    hash: undefined,
    publishedAtMs: undefined,
    chart: undefined,
    snapshots: [],
    holds: [],
    leftAtMs: new Map(),
    owners: new Map(),
    operatorNames: new Map(),
    isKept: () => false,
    liveSinceMs: liveSince.current,
    diagnostics: [],
    writeError: undefined,
    stateError: undefined,
    refusedFor: undefined,
    traefik: undefined,
    flawSinceMs: new Map(),
    standbyFor: undefined,
  };
  /** Those of the pass, to which those of Traefik come. */
  let ofPass: readonly Diagnostic[] = [];

  /** Of the pass under way, and of what is stored beside passes since the last one. */
  let unsaved: ChartStatus["stateError"];

  function update(news: Partial<ChartStatus>): void {
    current = { ...current, ...news };
    changed?.();
  }

  function allDiagnostics(traefik: TraefikReport | undefined): readonly Diagnostic[] {
    return traefik === undefined || traefik.diagnostics.length === 0 ? ofPass : [...ofPass, ...traefik.diagnostics];
  }

  return {
    current: () => current,
    confirmed: (text) => update({ hash: chartHash(text) }),
    charted({ decision, snapshots, published: { didWrite }, rollback, news, hash }) {
      const { chart, memory, diagnostics } = decision;
      ofPass = diagnostics;
      const { removals, changes, owners } = memory;
      liveSince.charted(decision, current.chart, clock.nowMs());
      update({
        generation: current.generation + (didWrite ? 1 : 0),
        hash,
        publishedAtMs: didWrite ? clock.nowMs() : current.publishedAtMs,
        chart,
        snapshots: snapshots.map(({ catalogName, freshness }) => ({ catalogName, freshness })),
        holds: removals.holds,
        leftAtMs: removals.leftAtMs,
        owners,
        operatorNames: changes.operatorNames,
        isKept: changes.settings === undefined ? () => false : isKeptBy(removals.sleepers, changes.settings),
        diagnostics: allDiagnostics(current.traefik),
        writeError: undefined,
        stateError: unsaved,
        rollback,
        origin: changes.origin,
        // While an earlier chart is published, what was worked out beside it says why services are in it, or are not.
        lastPass: { decision: { ...(news ?? decision), chart }, snapshots },
        instances: snapshots.map(({ instances }) => instances),
      });
      // What is still so the next pass finds again.
      unsaved = undefined;
    },
    unwritable: ({ code, message }) => update({ writeError: { code, message } }),
    stateUnsaved({ code, message }) {
      unsaved = { code, message };
      update({ stateError: unsaved });
    },
    standingBy: (owner) => update({ standbyFor: owner }),
    writesAlone: () => update({ standbyFor: undefined }),
    directoryRefused: (refusedFor) => update({ refusedFor }),
    directoryLoadable: () => update({ refusedFor: undefined }),
    traefikRead(traefik) {
      const nowMs = clock.nowMs();
      const known = current.flawSinceMs;
      const flaws = [...(traefik?.result?.flaws.keys() ?? [])];
      const flawSinceMs = new Map(flaws.map((key) => [key, known.get(key) ?? nowMs] as const));
      update({ traefik, flawSinceMs, diagnostics: allDiagnostics(traefik) });
    },
  };
}
