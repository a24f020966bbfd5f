import { count, someNames } from "../../../base/count.ts";
import { isoSeconds } from "../../../base/iso-seconds.ts";
import { printable } from "../../../base/printable.ts";
import { isEmptyDiff } from "../../../core/chart-diff/chart-diff.ts";
import type { Diagnostic } from "../../../core/diagnostics/diagnostics.ts";
import { routerLabel } from "../../../core/traefik/chart/dynamic-config.ts";
import { changeReason } from "../../../observe/log/change-reason.ts";
import { holdReason } from "../../../observe/log/hold-reason.ts";
import type { Colours } from "../../text/colour.ts";
import { diffSummary, diffText } from "../../text/diff-text.ts";
import type { PlannedChart } from "./planned-chart.ts";

/** What would become of the charts, for people. */
export function planText(
  charts: readonly PlannedChart[],
  { colours, tried }: { readonly colours: Colours; readonly tried: string | undefined },
): string {
  const by = tried === undefined ? "" : `, by ${tried}`;
  return charts
    .map((chart) => {
      const edge = charts.length === 1 ? "" : ` (edge ${chart.name})`;
      const head = colours.strong(printable(`${chart.file}${edge}${by}`));
      return [`${head}\n\n`, ...chartParts(chart, colours)].join("");
    })
    .join("\n");
}

function chartParts(chart: PlannedChart, colours: Colours): readonly string[] {
  const { diff, holds, rollback, lookAgainAtMs } = chart;
  const told = diffText(diff, { colours, note: (router) => reasonOf(chart, router) });
  return [
    ...(rollback === undefined ? [] : [rollbackText(rollback, colours)]),
    ...(told === "" ? [] : [`${told}\n`]),
    ...diagnosticsParts(chart, colours),
    ...holds.map((hold) => {
      const names = someNames(hold.routers.map(routerLabel), MOST_NAMES);
      const line = `${count(hold.routers.length, "router")} held with the servers they had (${names}): ${holdReason(hold)}`;
      return `${colours.changed(printable(line))}\n\n`;
    }),
    ...(lookAgainAtMs === undefined ? [] : [`${laterText(lookAgainAtMs)}\n`]),
    `${colours.strong(`${summary(chart)}.`)}\n`,
  ];
}

const MOST_NAMES = 5;
const MOST_DIAGNOSTICS = 20;

function summary({ diff, holds, isFirst, rollback }: PlannedChart): string {
  const held = holds.reduce((sum, { routers }) => sum + routers.length, 0);
  const words = [
    isEmptyDiff(diff) ? "No changes" : `${isFirst ? "First chart" : "Plan"}: ${diffSummary(diff)}`,
    ...(held === 0 ? [] : [`${held} held`]),
    ...(rollback === undefined ? [] : ["all of it waits for portolan release"]),
  ];
  return words.join("; ");
}

function rollbackText({ number, sinceMs }: NonNullable<PlannedChart["rollback"]>, colours: Colours): string {
  const since = isoSeconds(sinceMs);
  return `${colours.changed(`version ${number} is published since ${since}, by portolan rollback, and stays until portolan release, which would bring:`)}\n\n`;
}

function laterText(atMs: number): string {
  return `At ${isoSeconds(atMs)} time alone may change more: a grace or a hold ends, or what flaps is let through.`;
}

/** `service wiki: registered`. */
function reasonOf({ reasons }: PlannedChart, router: string): string | undefined {
  const change = reasons.get(router);
  if (change === undefined) return undefined;
  const servers = [...change.serversAdded, ...change.serversRemoved].map(({ why }) => changeReason(why));
  const why =
    change.kind === "servers" && servers.length > 0 ? [...new Set(servers)].join("; ") : changeReason(change.why);
  const effect = change.kind === "emptied" ? `no server is left: ${why}` : why;
  return change.service === undefined ? effect : `service ${change.service}: ${effect}`;
}

function diagnosticsParts({ diagnostics }: PlannedChart, colours: Colours): readonly string[] {
  if (diagnostics.kind === "all") {
    const wrong = diagnostics.all.filter(({ severity }) => severity !== "info");
    const head = "Wrong by these settings (what was wrong before is not known: other settings made the chart):";
    return wrong.length === 0 ? [] : [diagnosticsText(head, wrong, colours)];
  }
  const { come, gone } = diagnostics;
  return [
    ...(come.length === 0 ? [] : [diagnosticsText("Newly wrong:", come, colours)]),
    ...(gone.length === 0 ? [] : [diagnosticsText("No longer wrong:", gone, colours)]),
  ];
}

function diagnosticsText(head: string, all: readonly Diagnostic[], { strong, faint }: Colours): string {
  const lines = all
    .slice(0, MOST_DIAGNOSTICS)
    .flatMap((one) => [
      `  ${printable(`${one.code}  ${whose(one)}: ${one.message}`)}\n`,
      `    ${faint(printable(one.remedy))}\n`,
    ]);
  const more = all.length - MOST_DIAGNOSTICS;
  return [`${strong(head)}\n`, ...lines, ...(more > 0 ? [`  and ${more} more (--json has all)\n`] : []), "\n"].join("");
}

function whose({ subject: { origin, catalog, service, instance, node } }: Diagnostic): string {
  if (origin !== undefined) return origin;
  return `${catalog === undefined ? "" : `${catalog}:`}${service} (${instance} on ${node})`;
}
