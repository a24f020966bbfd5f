import { Gauge, type Registry } from "prom-client";
import { DIAGNOSTIC_CODES } from "../../core/diagnostics/diagnostics.ts";
import { HOLD_KINDS, type Hold, heldRouters } from "../../core/removals/hold.ts";
import type { ChartStatus } from "../status/chart-status.ts";
import { countByCode } from "../status/diagnostic-counts.ts";
import { family } from "./family.ts";

/** The metrics of how a chart stands, with the label `edge`. */
export type ChartStateFamilies = ReturnType<typeof chartStateFamilies>;

export function chartStateFamilies(registers: readonly Registry[]) {
  const edge = ["edge"] as const;
  const ofKind = ["edge", "kind"] as const;
  return {
    ready: new Gauge(family("portolan_chart_ready", edge, registers)),
    standby: new Gauge(family("portolan_chart_standby", edge, registers)),
    unwritable: new Gauge(family("portolan_chart_unwritable", edge, registers)),
    stateUnsaved: new Gauge(family("portolan_chart_state_unsaved", edge, registers)),
    directoryRefused: new Gauge(family("portolan_chart_directory_refused", edge, registers)),
    rolledBack: new Gauge(family("portolan_chart_rolled_back", edge, registers)),
    rollbackTimestamp: new Gauge(family("portolan_chart_rollback_timestamp_seconds", edge, registers)),
    withheldChanges: new Gauge(family("portolan_chart_rollback_withheld_changes", edge, registers)),
    routersHeld: new Gauge(family("portolan_chart_routers_held", ofKind, registers)),
    holdsEnd: new Gauge(family("portolan_chart_holds_end_timestamp_seconds", ofKind, registers)),
    diagnostics: new Gauge(family("portolan_chart_diagnostics", ["edge", "code", "severity"], registers)),
  };
}

/**
 * Shows how a chart stands, by the status that `/v1/status` and `/readyz` are made from, so that they never differ. Called whenever
 * the metrics are read. What only a pass can tell is absent before the first one, as while another portolan writes the chart.
 */
export function showChartState(
  families: ChartStateFamilies,
  edge: string,
  status: ChartStatus,
  { isReady }: { readonly isReady: boolean },
): void {
  const { standbyFor, writeError, stateError, refusedFor, lastPass } = status;
  families.ready.set({ edge }, isReady ? 1 : 0);
  families.standby.set({ edge }, standbyFor === undefined ? 0 : 1);
  if (lastPass === undefined && writeError === undefined) families.unwritable.remove({ edge });
  else families.unwritable.set({ edge }, writeError === undefined ? 0 : 1);
  if (lastPass === undefined && refusedFor === undefined) families.directoryRefused.remove({ edge });
  else families.directoryRefused.set({ edge }, refusedFor === undefined ? 0 : 1);
  if (lastPass === undefined) return;
  families.stateUnsaved.set({ edge }, stateError === undefined ? 0 : 1);
  showRollback(families, edge, status);
  showHolds(families, edge, status.holds);
  showDiagnostics(families, edge, status);
}

function showRollback(families: ChartStateFamilies, edge: string, { rollback }: ChartStatus): void {
  families.rolledBack.set({ edge }, rollback === undefined ? 0 : 1);
  if (rollback === undefined) {
    families.rollbackTimestamp.remove({ edge });
    families.withheldChanges.remove({ edge });
    return;
  }
  families.rollbackTimestamp.set({ edge }, rollback.sinceMs / 1000);
  families.withheldChanges.set({ edge }, rollback.withheldChanges);
}

/** Each kind, with the kinds of which there is no hold: a rule that looks for the end of one must find its beginning. */
function showHolds(families: ChartStateFamilies, edge: string, holds: readonly Hold[]): void {
  for (const kind of Object.keys(HOLD_KINDS)) {
    const ofKind = holds.filter((hold) => hold.kind === kind);
    families.routersHeld.set({ edge, kind }, heldRouters(ofKind));
    const endsMs = ofKind.map(({ endsAtMs }) => endsAtMs).filter((timeMs) => timeMs !== undefined);
    if (endsMs.length === 0) families.holdsEnd.remove({ edge, kind });
    else families.holdsEnd.set({ edge, kind }, Math.min(...endsMs) / 1000);
  }
}

/** Each code that there is, so that the first of a code is a rise from 0, and no catalog can add a label. */
function showDiagnostics(families: ChartStateFamilies, edge: string, { diagnostics }: ChartStatus): void {
  const counts = new Map(countByCode(diagnostics).map(({ code, count }) => [code, count]));
  for (const [code, { severity }] of Object.entries(DIAGNOSTIC_CODES)) {
    families.diagnostics.set({ edge, code, severity }, counts.get(code) ?? 0);
  }
}
