import { AppError, EXIT_CODES } from "../../../base/errors.ts";
import { printable } from "../../../base/printable.ts";
import { findSettingsFile } from "../../../config/files/settings-file.ts";
import { loadSettings } from "../../../config/load.ts";
import { coreSettings } from "../../../config/resolve/core-settings.ts";
import { type IngressNode, ingressNodes } from "../../../core/ports/ledger/ingress-nodes.ts";
import { type DynamicConfig, ROUTER_SECTIONS } from "../../../core/traefik/chart/dynamic-config.ts";
import { parseChart } from "../../../core/traefik/chart/parse-chart.ts";
import { matchesOf } from "../../../observe/status/route-places.ts";
import type { FlagValues } from "../../command-line/command-line.ts";
import { type RoutedHosts, routedHosts } from "../../text/routes/routed-names.ts";
import { readText } from "./input.ts";

/**
 * Hosts and ingress nodes without a running portolan: of a chart on disk, else of what a pass would decide now.
 *
 * @param away why none was asked; without settings it is not known which catalog would be read, and this is thrown
 */
export async function hostsOf(
  flags: FlagValues,
  away?: AppError,
): Promise<{ readonly hosts: RoutedHosts; readonly ingress: readonly IngressNode[] }> {
  const { file } = flags;
  if (file !== undefined) {
    const chart = await readChart(file);
    const hasSettings = (await findSettingsFile(flags, process.env)) !== undefined;
    const settings = hasSettings
      ? await loadSettings({ ...flags, output: "unused.yml", "state-dir": "unused" }, {})
      : undefined;
    return {
      hosts: hostsIn([chart]),
      ingress: settings === undefined ? [] : ingressNodes(coreSettings(settings).ports.ledger),
    };
  }
  const isAnyNamed = ["consul-addr", "nomad-addr", "output", "state-dir"].some((name) => flags[name] !== undefined);
  if (away !== undefined && !isAnyNamed && (await findSettingsFile(flags, process.env)) === undefined) throw away;
  const { dryPass } = await import("../../../app/dry-pass/dry-pass.ts");
  const { file: _file, resolver: _resolver, ingress: _ingress, json: _json, ...forSettings } = flags;
  const settings = await loadSettings(forSettings, process.env);
  const { edges, notes } = await dryPass(settings);
  for (const note of notes) process.stderr.write(`portolan: ${printable(note)}\n`);
  process.stderr.write("portolan: no portolan answers: hosts of what a pass would decide now, from the catalog\n");
  const charts = edges.map(({ present, rollback, published }) =>
    rollback === undefined || published === undefined ? present.decision.chart : published,
  );
  return { hosts: hostsIn(charts), ingress: ingressNodes(coreSettings(settings).ports.ledger) };
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
export function hostsIn(charts: readonly DynamicConfig[]): RoutedHosts {
  const routes = charts.flatMap((chart) =>
    ROUTER_SECTIONS.flatMap((section) =>
      Array.from(chart[section], ([router, object]) => ({
        router,
        protocol:
          section === "http/routers"
            ? ("http" as const)
            : section === "tcp/routers"
              ? ("tcp" as const)
              : ("udp" as const),
        hosts: [...matchesOf({ section, router: object }).hosts],
      })),
    ),
  );
  return routedHosts(routes);
}
