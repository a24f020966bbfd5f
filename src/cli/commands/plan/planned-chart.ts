import type { DryEdge } from "../../../app/dry-pass/dry-edge.ts";
import type { RouteChange } from "../../../core/changes/route-change.ts";
import { type ChartDiff, diffCharts, isEmptyDiff } from "../../../core/chart-diff/chart-diff.ts";
import type { Decision } from "../../../core/decision.ts";
import { type ChangedDiagnostics, changedDiagnostics } from "../../../core/diagnostics/changed-diagnostics.ts";
import type { Diagnostic } from "../../../core/diagnostics/diagnostics.ts";
import type { Hold } from "../../../core/removals/hold.ts";
import { settingsText } from "../../../core/removals/provenance.ts";
import { newConfig } from "../../../core/traefik/chart/dynamic-config.ts";

/** What is wrong with registrations: as it changes, or all of it where it is not known what was wrong before. */
export type PlannedDiagnostics =
  | ({ readonly kind: "changed" } & ChangedDiagnostics)
  | { readonly kind: "all"; readonly all: readonly Diagnostic[] };

/** What would become of one chart. */
export interface PlannedChart {
  /** The edge's name. */
  readonly name: string;
  readonly file: string;
  /** Is there a chart to begin with? */
  readonly isFirst: boolean;
  readonly diff: ChartDiff;
  /** Why a router changes, by its key, where a pass knows it. */
  readonly reasons: ReadonlyMap<string, RouteChange>;
  readonly holds: readonly Hold[];
  readonly diagnostics: PlannedDiagnostics;
  /** An earlier chart is in force: nothing of this is published before its release. */
  readonly rollback: DryEdge["rollback"];
  /** When time alone changes more: a grace or a hold ends. */
  readonly lookAgainAtMs: number | undefined;
}

/** What would change, by what a dry pass has decided. */
export function plannedChart(edge: DryEdge): PlannedChart {
  const { name, file, published, rollback, present, next } = edge;
  const { decision } = next ?? present;
  return {
    ...{ name, file, rollback },
    isFirst: published === undefined,
    diff: diffCharts(published ?? newConfig(), decision.chart),
    reasons: new Map(
      [present, next]
        .flatMap((one) => one?.decision.changes ?? [])
        .map((one) => [`${one.protocol}/routers/${one.router}`, one]),
    ),
    holds: decision.memory.removals.holds,
    diagnostics: diagnosticsOf(edge),
    lookAgainAtMs: decision.lookAgainAtMs,
  };
}

/** Does anything change, now or when a hold ends? */
export function isChange({ diff, holds }: PlannedChart): boolean {
  return !isEmptyDiff(diff) || holds.length > 0;
}

function diagnosticsOf(edge: DryEdge): PlannedDiagnostics {
  const { decision } = edge.next ?? edge.present;
  const before = decisionBefore(edge);
  if (before === undefined) return { kind: "all", all: decision.diagnostics };
  return { kind: "changed", ...changedDiagnostics(before, decision.diagnostics) };
}

/** What was wrong before; undefined where no file tells. */
function decisionBefore({ published, madeBy, before, present, next }: DryEdge): Decision["diagnostics"] | undefined {
  if (published === undefined) return [];
  if (next !== undefined) return present.decision.diagnostics;
  const isBySame = madeBy?.settings === undefined || madeBy.settings === settingsText(present.settings);
  return isBySame ? before?.diagnostics : undefined;
}
