import type { DryPass } from "../../../app/dry-pass/dry-pass.ts";
import type { ResourceDiff } from "../../../core/chart-diff/chart-diff.ts";
import { fieldChanges } from "../../../core/chart-diff/field-changes.ts";
import type { Diagnostic } from "../../../core/diagnostics/diagnostics.ts";
import { protocolOf, routerLabel, splitKey } from "../../../core/traefik/chart/dynamic-config.ts";
import { changeReason } from "../../../observe/log/change-reason.ts";
import { holdReason } from "../../../observe/log/hold-reason.ts";
import { isChange, type PlannedChart } from "./planned-chart.ts";

/** What would become of the charts, for machines: without secrets, each thing that differs once. */
export function planJson(
  charts: readonly PlannedChart[],
  { unread, notes }: Pick<DryPass, "unread" | "notes">,
  tried: string | undefined,
) {
  return {
    format: 1,
    isChange: charts.some(isChange),
    tried: tried ?? null,
    charts: charts.map(chartJson),
    unread: unread.map(({ label, reason }) => ({ catalog: label, reason })),
    notes,
  };
}

function chartJson(chart: PlannedChart) {
  const { name, file, diff, reasons, holds, diagnostics, rollback, lookAgainAtMs } = chart;
  const resources = new Set([...diff.routers.flatMap((router) => router.resources), ...diff.others]);
  return {
    edge: name,
    file,
    counts: diff.counts,
    routers: diff.routers.map(({ key, kind, resources }) => {
      const { section, name: router } = splitKey(key);
      const change = reasons.get(key);
      return {
        router,
        protocol: protocolOf(section),
        kind,
        service: change?.service ?? null,
        why: change === undefined ? null : changeReason(change.why),
        resources: resources.map((resource) => resource.key),
      };
    }),
    resources: [...resources].map(resourceJson),
    held: holds.map((hold) => ({
      kind: hold.kind,
      catalog: hold.catalogName ?? null,
      routers: hold.routers.map(routerLabel),
      why: holdReason(hold),
    })),
    rollback: rollback === undefined ? null : { version: rollback.number, since: isoTime(rollback.sinceMs) },
    diagnostics:
      diagnostics.kind === "all"
        ? { all: diagnostics.all.map(diagnosticJson) }
        : { come: diagnostics.come.map(diagnosticJson), gone: diagnostics.gone.map(diagnosticJson) },
    lookAgainAt: lookAgainAtMs === undefined ? null : isoTime(lookAgainAtMs),
  };
}

function resourceJson(resource: ResourceDiff) {
  const fields = fieldChanges(resource).map(({ path, before, after, isSecret }) => ({
    path: path.join("."),
    ...(before === undefined ? {} : { before }),
    ...(after === undefined ? {} : { after }),
    ...(isSecret === undefined ? {} : { isSecret }),
  }));
  return { resource: resource.key, kind: resource.kind, fields };
}

/** Without the tag, which may hold a secret. */
function diagnosticJson({ code, severity, subject, message, remedy }: Diagnostic) {
  const { tag: _, spot: __, ...who } = subject;
  return { code, severity, ...who, message, remedy };
}

function isoTime(timeMs: number): string {
  return new Date(timeMs).toISOString();
}
