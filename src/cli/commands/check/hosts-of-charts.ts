import { AppError, EXIT_CODES } from "../../../base/errors.ts";
import type { Settings } from "../../../config/files/schema.ts";
import { findSettingsFile } from "../../../config/files/settings-file.ts";
import { loadSettings } from "../../../config/load.ts";
import { coreSettings } from "../../../config/resolve/core-settings.ts";
import { type IngressNode, ingressNodes } from "../../../core/ports/ledger/ingress-nodes.ts";
import { type DynamicConfig, protocolOf, routersOf } from "../../../core/traefik/chart/dynamic-config.ts";
import { parseChart } from "../../../core/traefik/chart/parse-chart.ts";
import { matchesOf } from "../../../observe/status/route-places.ts";
import type { FlagValues } from "../../command-line/command-line.ts";
import { type RoutedHosts, routedHosts } from "../../text/routes/routed-names.ts";
import { say } from "../reading/without-daemon.ts";
import { readText } from "./input.ts";
import { NOT_CHARTING } from "./judging-settings.ts";

/** What is routed by charts, and where the load balancer listens. */
export interface HostsOfCharts {
  readonly hosts: RoutedHosts;
  /** None where no settings tell. */
  readonly ingress: readonly IngressNode[];
}

/** Hosts of a chart on disk. */
export async function hostsOfFile(file: string, flags: FlagValues): Promise<HostsOfCharts> {
  const chart = await readChart(file);
  const found = await findSettingsFile(flags, process.env);
  const settings = found && (await loadSettings({ ...flags, ...NOT_CHARTING }, {}, found));
  return { hosts: hostsIn([chart]), ingress: settings === undefined ? [] : ingressOf(settings) };
}

/** Hosts of what a pass would decide now. */
export async function hostsToCome(settings: Settings): Promise<HostsOfCharts> {
  const { dryPass } = await import("../../../app/dry-pass/dry-pass.ts");
  const { edges, notes } = await dryPass(settings);
  for (const note of notes) say(note);
  say("no portolan answers: hosts of what a pass would decide now, from the catalog");
  const charts = edges.map(({ present, rollback, published }) =>
    rollback === undefined || published === undefined ? present.decision.chart : published,
  );
  return { hosts: hostsIn(charts), ingress: ingressOf(settings) };
}

function ingressOf(settings: Settings): readonly IngressNode[] {
  return ingressNodes(coreSettings(settings).ports.ledger);
}

const MOST_BYTES = 64 * 1024 * 1024;

async function readChart(file: string): Promise<DynamicConfig> {
  const read = await readText(file, MOST_BYTES);
  const chart = read.kind === "read" ? parseChart(read.value) : undefined;
  if (chart !== undefined) return chart;
  const why = read.kind === "read" ? "it is no chart of portolan's" : read.problem.message;
  throw new AppError(`check dns: ${file}: ${why}; name the file of the setting output`, {
    code: "E_CHART_UNREADABLE",
    retryable: false,
    exitCode: EXIT_CODES.failure,
  });
}

/** The hosts of all routers of these charts. */
function hostsIn(charts: readonly DynamicConfig[]): RoutedHosts {
  return routedHosts(
    charts.flatMap((chart) =>
      Array.from(routersOf(chart), ({ section, name, router }) => ({
        router: name,
        protocol: protocolOf(section),
        hosts: [...matchesOf({ section, router }).hosts],
      })),
    ),
  );
}
